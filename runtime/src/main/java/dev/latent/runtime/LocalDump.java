package dev.latent.runtime;

import dev.latent.AwaitChain;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.task.Task;
import dev.latent.task.TaskInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a {@link LocalExecutor}, from any thread. Its tasks show themselves to the owner: who asks leaves a
 * message to it, and becomes the owner for a moment where there is none.
 *
 * <p>An owner that is stuck in a poll reads no messages. Then all tasks but that one stand still, and who asks reads them as they are; the
 * number of the poll, before and after, tells whether the owner has been in that poll all the time. If it has not, what was read is nothing, and
 * is thrown away, whatever it looked like. What that poll itself changes meanwhile, by a spawn or a wake, is seen or not; a look writes nothing.
 */
final class LocalDump {
    /** An owner that is not back from a poll by then, after a second, is shown as it is. */
    private static final int ASKS = 1_000;

    /** Looks at what an owner leaves alone that is in a poll. */
    private static final int TRIES = 8;

    private static final long ASK_AGAIN_NANOS = 1_000_000;

    private final LocalExecutor home;
    private final AtomicInteger lookers = new AtomicInteger();

    LocalDump(LocalExecutor home) {
        this.home = home;
    }

    /** {@return whether the owner may be somebody who only looks, and is gone at once} */
    boolean isUnderWay() {
        return lookers.get() > 0;
    }

    TaskDump look() {
        if (home.isHere()) {
            return lookHere();
        }
        CompletableFuture<TaskDump> answer = new CompletableFuture<>();
        boolean asked = home.mail.post(() -> {
            try {
                answer.complete(lookHere());
            } catch (Throwable t) {
                answer.completeExceptionally(t);
            }
        });
        if (asked) {
            await(answer);
        }
        for (int tries = 0; tries < TRIES && !answer.isDone(); tries++) {
            TaskDump dump = lookFromOutside();
            if (dump != null) {
                return dump;
            }
        }
        return answer.isDone() ? answer.join() : new TaskDump(home.toString(), home.liveTasks(), List.of(), polling());
    }

    /** {@return what there is to see while the owner does not come back from a poll; null: it has gone on meanwhile} All but the task that it polls stand still. */
    private @Nullable TaskDump lookFromOutside() {
        Thread thread = home.owner();
        int poll = home.polls();
        TaskDump dump;
        try {
            dump = lookHere();
        } catch (Throwable torn) {
            return null;
        }
        return thread != null && home.polls() == poll && home.owner() == thread ? dump : null;
    }

    private void await(CompletableFuture<TaskDump> answer) {
        boolean wasInterrupted = Thread.interrupted(); // else a park would not wait
        lookers.getAndIncrement();
        try {
            for (int left = ASKS; !answer.isDone() && left > 0; left--) {
                if (home.tryOwn()) {
                    try {
                        home.stamp = Task.stamp(home.clock.nanoTime());
                        home.mail.take();
                    } finally {
                        home.disown();
                    }
                } else {
                    LockSupport.parkNanos(this, ASK_AGAIN_NANOS);
                }
            }
        } finally {
            lookers.getAndDecrement();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TaskDump lookHere() {
        List<TaskInfo> tasks = new ArrayList<>();
        home.live.forEach(task -> tasks.add(look(task)));
        home.ready.forEach(task -> {
            if (task.slot < 0 && !task.isFinished()) { // else it is among those that wait
                tasks.add(look(task));
            }
        });
        return new TaskDump(home.toString(), home.liveTasks(), tasks, polling());
    }

    /** What {@code blockOn} was given and is no body goes by who called that. */
    private TaskInfo look(LocalTask<?> task) {
        TaskInfo info = task.look(home.clock);
        Thread thread = home.owner();
        if (thread == null || !home.isMain(task) || !task.isNameless()) {
            return info;
        }
        StackTraceElement caller = AwaitChain.blocker(thread);
        return caller == null
                ? info
                : new TaskInfo(info.name() + ", blockOn in " + caller, info.state(), info.since(), info.chain());
    }

    private Map<String, List<StackTraceElement>> polling() {
        Thread thread = home.owner();
        List<StackTraceElement> bodies = thread == null ? List.of() : AwaitChain.polling(thread);
        return thread == null || bodies.isEmpty()
                ? Collections.emptyMap()
                : Collections.singletonMap(thread.getName(), bodies);
    }
}
