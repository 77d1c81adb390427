package dev.latent.runtime;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a thread is marked with while it polls tasks, once as it enters: how a nested {@code blockOn} is recognised. */
interface RunLoop {
    /** The loop that runs on this thread. */
    ThreadLocal<RunLoop> CURRENT = new ThreadLocal<>();

    /** Runs {@code work} while the tasks of this loop are not held up, where that is possible. */
    <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception;

    /** Marks this thread: {@return the mark until now} */
    static @Nullable RunLoop enter(@Nullable RunLoop loop) {
        RunLoop before = CURRENT.get();
        CURRENT.set(loop);
        return before;
    }

    /** Puts the mark {@code before} back. */
    static void exit(@Nullable RunLoop before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }

    /** Refuses to block inside a poll. */
    static void checkMayBlock(String what) {
        RunLoop loop = CURRENT.get();
        if (loop != null) {
            throw new IllegalStateException(
                    what + " was called by a task of " + loop + ", whose other tasks would wait for it:"
                            + " await the future instead; wrap a call that must block in Latent.blockInPlace, or hand it to"
                            + " spawnBlocking");
        }
    }

    /** {@return what {@code work} returns, run with this thread's mark lifted} */
    static <R extends @Nullable Object> R unmarked(Callable<? extends R> work) throws Exception {
        RunLoop before = enter(null);
        try {
            return work.call();
        } finally {
            exit(before);
        }
    }
}
