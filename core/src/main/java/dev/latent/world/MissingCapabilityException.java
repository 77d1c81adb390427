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
        super(
                ("this executor (%1$s) has no %2$s: its world needs one. Clock, timers, network and all else of Latent's own are in Latent.system();"
                                + " Latent.system().with(%2$s.class, …) adds one. Latent.blockOn, Latent.on and the builders take a world")
                        .formatted(spawner, type.getSimpleName()));
    }
}
