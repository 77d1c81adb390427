package dev.latent;

/**
 * Asks for another poll. May be called from any thread, any number of times, also after the task has ended; it never blocks
 * and never throws. Everything before a {@code wake} happens-before the poll that it causes.
 */
public interface Waker {
    /** Asks for another poll. */
    void wake();

    /** {@return a waker for polls whose wake nobody needs} */
    static Waker noop() {
        return NoopWaker.INSTANCE;
    }
}
