package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * For executors and combinators: calls of somebody else's code where whoever calls has others to serve, and nobody above could do
 * anything about a failure. Whatever is thrown, also an {@link Error}, is {@linkplain Owners#report reported} once, and the caller goes on.
 *
 * <p>A poll is not called this way: what it throws ends its future.
 */
public final class Foreign {
    private Foreign() {}

    /** A call that may throw. */
    @FunctionalInterface
    public interface Call {
        /** Calls. */
        void run() throws Exception;
    }

    /** Wakes whom {@code waker} stands for, if anybody. Never throws. */
    public static void wake(@Nullable Waker waker) {
        wake(null, waker);
    }

    /** As {@link #wake(Waker)}; a failure is told to {@code spawner}. */
    public static void wake(@Nullable Spawner spawner, @Nullable Waker waker) {
        if (waker != null) {
            try {
                waker.wake();
            } catch (Throwable t) {
                wakerThrew(spawner, t);
            }
        }
    }

    private static void wakerThrew(@Nullable Spawner spawner, Throwable thrown) {
        try {
            Owners.report(spawner, "a waker, which must not throw", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }

    /**
     * Makes a call. Never throws.
     *
     * @param spawner who is told of a failure; null where no executor is known
     * @param subject whose call it is, and
     * @param what which, for a person to read: {@code ", at its close"}
     */
    public static void call(@Nullable Spawner spawner, @Nullable Object subject, String what, Call call) {
        try {
            call.run();
        } catch (Throwable t) {
            Owners.report(spawner, subject, what, t);
        }
    }
}
