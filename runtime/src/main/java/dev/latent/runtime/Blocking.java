package dev.latent.runtime;

import dev.latent.Waker;
import dev.latent.task.Task;
import java.util.concurrent.locks.LockSupport;

/** Waiting for the end of a task outside any poll. */
final class Blocking {
    private Blocking() {}

    /**
     * Waits on this thread until {@code task} has ended; an interrupt cancels it.
     *
     * @return whether there was one
     */
    static boolean await(Task<?> task) {
        Thread me = Thread.currentThread();
        Waker waker = () -> LockSupport.unpark(me);
        boolean interrupted = false;
        if (task.onEnd(waker)) {
            while (!task.isFinished()) {
                LockSupport.park(task);
                if (Thread.interrupted() && !interrupted) {
                    interrupted = true;
                    task.close();
                }
            }
        }
        return interrupted;
    }
}
