package dev.latent.runtime;

import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.task.Task;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a task that has held the thread that polls it for longer than a bound, while it still does: by name, and with the thread's stack. Others wait
 * meanwhile, for a lock or a computation that belongs to {@code spawnBlocking} or {@code compute}.
 *
 * {@snippet :
 * try (var watchdog = Watchdog.over(Duration.ofMillis(100));
 *         var executor = WorkStealingExecutor.builder().pollHook(watchdog).build()) { … }
 * }
 *
 * <p>One may watch several executors. A thread of its own looks at them four times in the bound, so what it tells of took between one and one and a quarter of it, and a poll costs
 * no look at the clock: two writes, and the look for where to write. A call within {@link Latent#blockInPlace} holds nobody up, and is not told of.
 *
 * <table>
 * <caption>Fields of a watched thread</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code task}, then {@code polls}</td><td>the thread</td><td>the watchdog</td><td>volatile: a number that is the same twice stands for the same poll</td></tr>
 * <tr><td>{@code seen}, {@code since}, {@code told}</td><td colspan="2">who looks</td><td>the monitor of the watchdog</td></tr>
 * </table>
 */
public final class Watchdog implements PollHook, AutoCloseable {
    private static final int LOOKS = 4;

    private final long boundNanos;
    private final Consumer<? super Held> told;
    private final boolean reports;
    private final ThreadLocal<Watched> here = ThreadLocal.withInitial(this::watch);
    private final List<Watched> threads = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private @Nullable Thread looks;

    /**
     * A poll that takes too long.
     *
     * @param task the task, in words
     * @param thread the name of the thread that polls it
     * @param atLeast for how long it does
     * @param stack what the thread is doing, the innermost call first
     */
    public record Held(String task, String thread, Duration atLeast, List<StackTraceElement> stack) {}

    /** What is reported where nobody else wants to be told. */
    private static final class HeldException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HeldException(Held held) {
            super("held: " + held.task + " has been polled by " + held.thread + " for " + held.atLeast.toMillis()
                    + " ms, and the others wait: give it to spawnBlocking or compute, or let it yield");
            setStackTrace(held.stack.toArray(StackTraceElement[]::new));
        }
    }

    private static final class Watched {
        final WeakReference<Thread> thread = new WeakReference<>(Thread.currentThread());

        /** Null between two polls. */
        volatile @Nullable JoinHandle<?> task;

        volatile long polls;

        long seen = -1;
        long since;
        boolean told;
    }

    /** @param told null: the failure handler of the task's executor */
    Watchdog(Duration bound, @Nullable Consumer<? super Held> told) {
        this.boundNanos = ExecutorBuilder.saturatedNanos(bound);
        if (boundNanos < LOOKS) {
            throw new IllegalArgumentException("a poll takes some time, more than " + bound);
        }
        this.told = told == null ? _ -> {} : told;
        this.reports = told == null;
    }

    /** {@return one that tells the {@link dev.latent.world.FailureHandler} of the task's executor} To be closed. */
    public static Watchdog over(Duration bound) {
        return started(new Watchdog(bound, null));
    }

    /** {@return one that tells {@code told}, on its own thread} To be closed. */
    public static Watchdog over(Duration bound, Consumer<? super Held> told) {
        return started(new Watchdog(bound, Objects.requireNonNull(told)));
    }

    private static Watchdog started(Watchdog watchdog) {
        Thread thread = new Thread(watchdog::run, "latent-watchdog");
        thread.setDaemon(true);
        watchdog.looks = thread;
        thread.start();
        return watchdog;
    }

    private void run() {
        while (!closed) {
            try {
                look(System.nanoTime());
            } catch (Throwable t) { // whoever is told; it watches on
                Owners.report(null, "a watchdog", t);
            }
            LockSupport.parkNanos(this, boundNanos / LOOKS);
        }
    }

    private Watched watch() {
        Watched mine = new Watched();
        threads.add(mine);
        return mine;
    }

    @Override
    public void before(JoinHandle<?> task) {
        Watched mine = here.get();
        mine.task = task;
        mine.polls = mine.polls + 1;
    }

    @Override
    public void after(JoinHandle<?> task) {
        here.get().task = null;
    }

    /** {@code now} in nanoseconds, which a test may count as it likes. */
    synchronized void look(long now) {
        for (Watched each : threads) {
            Thread thread = each.thread.get();
            if (thread == null || !thread.isAlive()) {
                threads.remove(each);
            } else {
                look(each, thread, now);
            }
        }
    }

    private void look(Watched each, Thread thread, long now) {
        long polls = each.polls;
        JoinHandle<?> task = each.task;
        if (task == null || polls != each.seen) {
            each.seen = task == null ? -1 : polls;
            each.since = now;
            each.told = false;
        } else if (!each.told && now - each.since >= boundNanos) {
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (each.polls != polls || each.task == null || stack.stream().anyMatch(Watchdog::isInPlace)) {
                return;
            }
            each.told = true;
            tell(new Held(task.toString(), thread.getName(), Duration.ofNanos(now - each.since), stack), task);
        }
    }

    private static boolean isInPlace(StackTraceElement e) {
        return e.getMethodName().equals("blockInPlace") && e.getClassName().equals(Latent.class.getName());
    }

    private void tell(Held held, JoinHandle<?> task) {
        if (reports) {
            Owners.report(task instanceof Task<?> known ? known.home() : null, held.task, new HeldException(held));
        } else {
            told.accept(held);
        }
    }

    /** Ends its thread, soon. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(looks);
    }
}
