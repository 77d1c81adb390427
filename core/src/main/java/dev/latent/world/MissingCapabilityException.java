package dev.latent.world;

import dev.latent.Spawner;

/** A future asked its executor for a clock, a network or the like that its world is without. */
public final class MissingCapabilityException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * What is missing, and who has it.
     *
     * @param type the capability
     * @param spawner the executor that was asked
     */
    public MissingCapabilityException(Class<?> type, Spawner spawner) {
        super("this executor (" + spawner + ") has no " + type.getSimpleName()
                + ": run the future with Latent.blockOn, build the executor over Latent.system(), which has one, or over a world.with("
                + type.getSimpleName() + ".class, …)");
    }
}
