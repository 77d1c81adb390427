package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reading the outcome of a task that has ended, outside a poll. */
final class Results {
    private static final Object READER = new Object() {
        @Override
        public String toString() {
            return "blockOn";
        }
    };

    private Results() {}

    /**
     * Waits on this thread until {@code task} has ended; an interrupt cancels it.
     *
     * @return whether there was one
     */
    static boolean await(Task<?> task) {
        Thread me = Thread.currentThread();
        Waker waker = () -> LockSupport.unpark(me);
        boolean interrupted = false;
        if (task.awaitEnd(null, waker)) {
            while (!task.isFinished()) {
                LockSupport.park(task);
                if (Thread.interrupted() && !interrupted) {
                    interrupted = true;
                    task.requestCancel();
                }
            }
        }
        return interrupted;
    }

    static <T extends @Nullable Object> T of(Task<T> ended, Context cx) throws Exception {
        cx.begin(Waker.noop());
        Owners.claim(ended, READER);
        try {
            if (Owners.poll(ended, READER, cx) instanceof Poll.Ready<T>(T value)) {
                return value;
            }
        } catch (Throwable t) {
            throw Task.<RuntimeException>sneaky(Owners.thrownToBlocked(t));
        }
        throw new AssertionError(ended + " has ended and was not ready");
    }
}
