package dev.latent.internal;

/** What is for one thread only, and pays for no other: it keeps {@link #now} as it is made, and asks {@link #check} as it is used. */
public final class OneThread {
    private OneThread() {}

    /** {@return what stands for this thread} */
    public static Object now() {
        return Thread.currentThread();
    }

    /**
     * For a use of {@code what} that is of {@code thread}.
     *
     * @throws IllegalStateException on another thread
     */
    public static void check(Object thread, Object what) {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException(what + " is for tasks of one thread, " + thread + ", and was used by "
                    + Thread.currentThread() + ": take one that is not local");
        }
    }
}
