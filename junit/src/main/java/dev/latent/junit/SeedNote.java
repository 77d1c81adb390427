package dev.latent.junit;

/** Beside a failure: from which seed it came, and how to have it again. */
public final class SeedNote extends Exception {
    /** The system property with the seed of every test of a run. */
    public static final String PROPERTY = "latent.test.seed";

    private static final long serialVersionUID = 1L;

    /** The seed. */
    private final long seed;

    SeedNote(long seed) {
        super(
                "from seed " + seed + ": replay it by -D" + PROPERTY + "=" + seed + ", or keep it by (seed = " + seed
                        + "L)",
                null,
                false,
                false);
        this.seed = seed;
    }

    /** {@return the seed} */
    public long seed() {
        return seed;
    }

    /** Adds this to {@code failure}, once. */
    <T extends Throwable> T on(T failure) {
        for (Throwable other : failure.getSuppressed()) {
            if (other instanceof SeedNote) {
                return failure;
            }
        }
        failure.addSuppressed(this);
        return failure;
    }
}
