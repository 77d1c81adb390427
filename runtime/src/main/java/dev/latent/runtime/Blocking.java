package dev.latent.runtime;

import dev.latent.Waker;
import dev.latent.task.Task;
import dev.latent.task.TaskInfo;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for the end of a task outside any poll. */
final class Blocking {
    private Blocking() {}

    /**
     * Waits on this thread until {@code task} has ended; an interrupt cancels it.
     *
     * @param what the call that waits
     * @param look what there is to see of the task
     * @throws InterruptedException when there was one, and says what was waited for
     */
    static void await(Task<?> task, String what, Supplier<@Nullable TaskInfo> look) throws InterruptedException {
        Thread me = Thread.currentThread();
        Waker waker = () -> LockSupport.unpark(me);
        String waitedFor = null;
        if (task.onEnd(waker)) {
            while (!task.isFinished()) {
                LockSupport.park(task);
                if (Thread.interrupted() && waitedFor == null) {
                    waitedFor = waitedFor(look);
                    task.close();
                }
            }
        }
        if (waitedFor != null) {
            throw interrupted(what, waitedFor);
        }
    }

    static InterruptedException interrupted(String what, String waitedFor) {
        return new InterruptedException(what + " was interrupted" + waitedFor + "; its future has been dropped");
    }

    /** {@return to be put behind "was interrupted"} */
    static String waitedFor(Supplier<@Nullable TaskInfo> look) {
        try {
            TaskInfo task = look.get();
            return task == null || task.chain() == null
                    ? ""
                    : " while it waited for " + task.chain().inBrief();
        } catch (Throwable t) { // the program's own words
            return "";
        }
    }
}
