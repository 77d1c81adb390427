package dev.latent.runtime.inspect;

import dev.latent.Spawner;
import dev.latent.TaskLocals;
import dev.latent.runtime.Latent;
import dev.latent.task.Deadlocks;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the live tasks of this program wait for, since when, and through which bodies: for somebody in trouble, as a thread dump
 * is. Callable from anywhere, also from a poll, at any time; it holds a task up for the microseconds in which it is looked at, and costs
 * nothing while nobody looks.
 *
 * <p>Executors are known from their making to their close, without being kept alive. Those of {@link Latent#on} keep no list of
 * their tasks and are not shown.
 */
public final class Tasks {
    /** In the order of their making. For people only: nothing that a program does depends on it. */
    private static final List<WeakReference<Shown>> EXECUTORS = new ArrayList<>();

    /** An executor that can tell of its tasks. */
    public interface Shown extends Spawner {
        TaskDump look();
    }

    private Tasks() {}

    /** {@return all live tasks of all executors, and the locks that tasks wait for, for a person to read} */
    public static String dump() {
        String tasks = snapshot().stream().map(TaskDump::toString).collect(Collectors.joining("\n"));
        String locks = Deadlocks.describe();
        return locks.isEmpty() ? tasks : tasks + "\n" + locks;
    }

    /** {@return the live tasks of {@code executor}, for a person to read} */
    public static String dump(Spawner executor) {
        return snapshot(executor).toString();
    }

    /** {@return all live tasks, by executor} */
    public static List<TaskDump> snapshot() {
        List<Shown> all = new ArrayList<>();
        synchronized (EXECUTORS) {
            EXECUTORS.forEach(known -> {
                if (known.get() instanceof Shown executor) {
                    all.add(executor);
                }
            });
        }
        return all.stream().map(Shown::look).filter(d -> d.live() > 0).toList();
    }

    /**
     * {@return the live tasks of {@code executor}}
     *
     * @throws IllegalArgumentException when it keeps no list of them
     */
    public static TaskDump snapshot(Spawner executor) {
        if (TaskLocals.executor(executor) instanceof Shown shown) {
            return shown.look();
        }
        throw new IllegalArgumentException(
                executor + " keeps no list of its tasks: a LocalExecutor or a" + " WorkStealingExecutor does");
    }

    /**
     * Makes {@link #dump()} an operation of the management bean {@code dev.latent:type=Tasks}, for tools that look into a running
     * JVM. Once is enough.
     */
    public static void register() {
        TasksBean.register();
    }

    public static void opened(Shown executor) {
        synchronized (EXECUTORS) {
            EXECUTORS.removeIf(known -> known.refersTo(null));
            EXECUTORS.add(new WeakReference<>(executor));
        }
    }

    public static void closed(Shown executor) {
        synchronized (EXECUTORS) {
            EXECUTORS.removeIf(known -> known.refersTo(executor));
        }
    }
}
