package dev.latent;

/**
 * A value that is not there yet, and the work that makes it: nothing happens until somebody polls.
 *
 * <p>Three differences to {@code java.util.concurrent.Future}, which this name deliberately shadows: it is lazy, it is
 * driven by whoever holds it, and dropping it cancels it at once, cleanup included. A future has one owner, is not
 * thread-safe, and is never polled again after it was ready or threw.
 *
 * <p>Most futures are woven from {@link Async#async(AsyncCallable)}; implement this interface by hand for a leaf that waits for
 * something new, or extend {@link OwnedFuture} to have ownership checked as well.
 *
 * @param <T> what it becomes
 */
public interface Future<T> {
    /**
     * Takes the work as far as it can go now.
     *
     * <p>After {@link Poll#pending()} the waker of <em>this</em> poll ({@link Context#waker()}, the latest one wins) must be
     * woken once there is a reason to poll again.
     *
     * @param cx valid during this call only
     * @return ready with the value, or pending
     * @throws Exception what the work threw; the future is then finished
     */
    Poll<T> poll(Context cx) throws Exception;

    /**
     * Cancels: gives up what this future holds and what it waits for. Never blocks. Dropping a finished or already dropped
     * future does nothing. It is abstract so that no wrapper forgets its inner future.
     */
    void drop();

    /**
     * Cancels, and tells when the cleanup, which may itself wait, has ended. Owners that have a context drop with this
     * method and are pending until it is ready; it may be called again until then. A {@link #drop()} meanwhile only stops waiting:
     * the rest of the cleanup goes to the executor.
     *
     * @param cx valid during this call only
     * @return ready when all cleanup has ended
     */
    default Poll<Void> pollDrop(Context cx) {
        drop();
        return Poll.done();
    }
}
