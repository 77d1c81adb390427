package dev.latent.runtime;

import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Spawner;

/** Calls of a {@link PollHook}, by an executor that has a task in its hand: what they throw is reported, and the task is polled. */
final class Hooks {
    private Hooks() {}

    static void before(PollHook hook, JoinHandle<?> task, Spawner home) {
        try {
            hook.before(task);
        } catch (Throwable t) {
            threw(hook, home, t);
        }
    }

    private static void threw(PollHook hook, Spawner home, Throwable thrown) {
        try {
            Owners.report(home, hook, ", around a poll", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }

    static void after(PollHook hook, JoinHandle<?> task, Spawner home) {
        try {
            hook.after(task);
        } catch (Throwable t) {
            threw(hook, home, t);
        }
    }
}
