package dev.latent;

/** A future asked its executor for a clock, a network or the like that the executor was built without. */
public final class MissingCapabilityException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MissingCapabilityException(Class<?> type, Spawner spawner) {
        super("this executor (" + spawner + ") has no " + type.getSimpleName()
                + ": run the future with Latent.blockOn, or build the executor over World.system(), which has one");
    }
}
