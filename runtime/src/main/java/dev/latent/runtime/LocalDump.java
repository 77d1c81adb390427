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

/**
 * What there is to see of a {@link LocalExecutor}, from any thread. Its tasks show themselves to the owner alone: who asks leaves a
 * message to it, and becomes the owner for a moment where there is none.
 */
final class LocalDump {
    /** An owner that is not back from a poll by then, after a second, is shown as it is. */
    private static final int ASKS = 1_000;

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
        return answer.isDone() ? answer.join() : new TaskDump(home.toString(), home.liveTasks(), List.of(), polling());
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
        home.live.forEach(task -> tasks.add(task.look(home.clock)));
        home.ready.forEach(task -> {
            if (task.slot < 0 && !task.isFinished()) { // else it is among those that wait
                tasks.add(task.look(home.clock));
            }
        });
        return new TaskDump(home.toString(), home.liveTasks(), tasks, polling());
    }

    private Map<String, List<StackTraceElement>> polling() {
        Thread thread = home.owner();
        List<StackTraceElement> bodies = thread == null ? List.of() : AwaitChain.polling(thread);
        return thread == null || bodies.isEmpty()
                ? Collections.emptyMap()
                : Collections.singletonMap(thread.getName(), bodies);
    }
}
