package dev.latent.resilience;

/** What is done with failures. */
final class Thrown {
    private Thrown() {}

    /** Tells {@code earlier} with {@code last}, unless that is it. */
    static void suppress(Throwable last, Throwable earlier) {
        if (last != earlier) {
            last.addSuppressed(earlier);
        }
    }

    /** Throws {@code failure} as it is: {@return never} */
    static Exception as(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw failure instanceof Exception exception ? exception : new Exception(failure);
    }
}
