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
        super("this executor (" + spawner + ") has no " + type.getSimpleName() + ": "
                + (type == Timers.class
                        ? "a world that was given another Clock has none until an executor with a loop, such as LocalExecutor, brings its own; "
                        : "")
                + "Latent.system() has all that is Latent's own, its .with(" + type.getSimpleName()
                + ".class, …) adds another; Latent.blockOn, Latent.on and the builders of executors take such a world");
    }
}
