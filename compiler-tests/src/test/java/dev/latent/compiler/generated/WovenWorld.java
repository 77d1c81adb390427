package dev.latent.compiler.generated;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Outcome;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Where a woven program runs: polled by hand or by an executor, dropped at the n-th suspension by one of many owners. */
public abstract class WovenWorld extends World implements TaskHome {
    /** A run that polls more often than this does not end. */
    private static final int POLLS = 20_000;

    /** Has a select begin with its first branch. */
    private static final RandomGenerator FIRST = () -> 0;

    private final Context cx = new Context(this);
    private final Deque<Spawned> spawned = new ArrayDeque<>();
    private final Set<Integer> watched = new HashSet<>();
    private Waker toldOfDrop = Waker.noop();
    private int dropAt;
    int polls;

    /** Whether several futures of the program may run at the same time. */
    boolean together;

    /** {@return the program} */
    public abstract Future<Object> main();

    /** {@return the outcome of a run to the end, with so many calls around it} */
    final String run(int depth) {
        try {
            return "value " + show(poll(depth == 0 ? main() : deep(depth)));
        } catch (Throwable t) {
            return describe(t);
        }
    }

    /** {@return the outcome of a run to the end on an executor} */
    final String runOnExecutor() {
        try (LocalExecutor executor = executor()) {
            return "value " + show(executor.blockOn(task()));
        } catch (Throwable t) {
            return describe(t);
        }
    }

    /** {@return the outcome of a drop at the {@code dropAt}-th suspension, 0: before the first poll} */
    final String drop(int at, Construct owner) {
        dropAt = at;
        try {
            switch (owner) {
                case DROP_UNPOLLED -> main().drop();
                case DROP -> drop(main(), false);
                case POLL_DROP -> drop(main(), true);
                case SELECT -> poll(Async.selectBiased(trigger(), main()));
                case TIMEOUT -> {
                    try {
                        poll(Async.timeout(Duration.ofSeconds(1), main()));
                    } catch (TimeoutException expected) {
                        return "dropped";
                    }
                    return "no timeout";
                }
                case SCOPE -> {
                    try (LocalExecutor executor = executor()) {
                        executor.blockOn(scope());
                    } catch (Left expected) {
                        return "dropped";
                    }
                    return "not left";
                }
                case HANDLE -> onExecutor(true);
                case EXECUTOR -> onExecutor(false);
                default -> throw new IllegalArgumentException("" + owner);
            }
            return "dropped";
        } catch (Throwable t) {
            return describe(t);
        }
    }

    private <T> T poll(Future<T> f) throws Exception {
        while (polls++ < POLLS) {
            cx.begin(Waker.noop());
            if (f.poll(cx) instanceof Poll.Ready<T>(var value)) {
                return value;
            }
            look(f);
        }
        throw new IllegalStateException("polled " + POLLS + " times, and still pending");
    }

    private void poll(Spawned cleanup) {
        while (polls++ < POLLS) {
            cleanup.task.wake();
            cleanup.task.run(cx);
            if (cleanup.task.isFinished()) {
                return;
            }
            look(cleanup.future);
        }
        throw new IllegalStateException("polled " + POLLS + " times, and still pending");
    }

    private void look(Future<?> f) {
        int held = watched.isEmpty() ? 0 : Holds.reached(f, watched);
        if (held != 0) {
            throw new IllegalStateException("suspended, " + f + " holds token " + held + ", which is dead");
        }
    }

    private void drop(Future<Object> f, boolean withContext) throws Exception {
        while (suspensions < dropAt) {
            cx.begin(Waker.noop());
            if (f.poll(cx).isReady()) {
                throw new IllegalStateException("ended before its suspension " + dropAt);
            }
        }
        if (withContext) {
            while (polls++ < POLLS && !f.pollDrop(cx).isReady()) {
                cx.begin(Waker.noop());
            }
            return;
        }
        f.drop();
        while (!spawned.isEmpty()) {
            poll(spawned.remove());
        }
    }

    private LocalExecutor executor() {
        return LocalExecutor.builder().world(over(Latent.system())).build();
    }

    private void onExecutor(boolean byHandle) throws Exception {
        LocalExecutor executor = executor();
        JoinHandle<Object> handle = executor.spawn(task());
        executor.runUntilStalled();
        if (handle.isFinished() || suspensions < dropAt) {
            throw new IllegalStateException("stalled at suspension " + suspensions + ", not " + dropAt);
        }
        if (byHandle) {
            executor.blockOn(handle.cancel());
        } else {
            handle.detach();
        }
        executor.close();
    }

    private record Spawned(SpawnedTask<?> task, Future<?> future) {}

    /** Ends the body of a scope. */
    private static final class Left extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private Future<Void> scope() {
        return Async.scopeDo(scope -> {
            scope.spawn(task());
            Async.await(trigger());
            throw new Left();
        });
    }

    /** {@return the program as a task}, which the executor polls once for each round of it. */
    private Future<Object> task() {
        return together ? new Paced(main()) : main();
    }

    /**
     * Of the futures that run at the same time in a program, some wake its task before, in the same poll, the one suspends at which the drop
     * is to arrive. So all that wakes is told at the end of a poll, and then either to the task or to who drops it.
     */
    private final class Paced implements Future<Object> {
        private final Future<Object> inner;
        private final Context within = new Context(WovenWorld.this);
        private boolean woken;

        Paced(Future<Object> inner) {
            this.inner = inner;
            Owners.claim(inner, this);
        }

        @Override
        public Poll<Object> poll(Context cx) throws Exception {
            begin();
            Poll<Object> poll = Owners.poll(inner, this, within);
            if (woken) {
                (dropAt > 0 && suspensions >= dropAt ? toldOfDrop : cx.waker()).wake();
            }
            return poll;
        }

        private void begin() {
            woken = false;
            within.begin(() -> woken = true);
        }

        @Override
        public void drop() {
            Owners.drop(inner, this);
        }

        @Override
        public Poll<Void> pollDrop(Context cx) {
            begin();
            Poll<Void> poll = Owners.pollDrop(inner, this, within);
            if (woken) {
                cx.waker().wake();
            }
            return poll;
        }
    }

    private Future<Object> deep(int depth) {
        return Async.async(() -> depth == 0 ? Async.await(main()) : Async.await(deep(depth - 1)));
    }

    /** {@return a future that is ready once the time for the drop has come} */
    private OwnedFuture<Void> trigger() {
        return new OwnedFuture<>() {
            @Override
            protected Poll<Void> pollOwned(Context cx) {
                toldOfDrop = cx.waker();
                return suspensions >= dropAt ? Poll.done() : Poll.pending();
            }

            @Override
            protected void dropOwned() {}
        };
    }

    /** Ready after a number of polls. */
    private final class Leaf<T> implements Future<T> {
        private final T value;
        private final Exception failure;
        private final int token;
        private int pendings;

        Leaf(T value, Exception failure, int token, int pendings) {
            this.value = value;
            this.failure = failure;
            this.token = token;
            this.pendings = pendings;
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            if (token > 0) {
                watched.remove(token);
            }
            if (pendings-- > 0) {
                // Where the drop is to arrive, only its owner goes on; see Paced for several at a time.
                (++suspensions == dropAt && !together ? toldOfDrop : cx.waker()).wake();
                if (token > 0) {
                    watched.add(token);
                }
                return Poll.pending();
            }
            if (failure != null) {
                throw failure;
            }
            return Poll.ready(value);
        }

        @Override
        public void drop() {
            watched.remove(token);
            log("drop leaf");
        }
    }

    /** A future by hand between two frames. */
    private record Wrapped<T>(Future<T> inner) implements Future<T> {
        Wrapped {
            Owners.claim(inner, "wrapped");
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            return Owners.poll(inner, "wrapped", cx);
        }

        @Override
        public void drop() {
            Owners.drop(inner, "wrapped");
        }

        @Override
        public Poll<Void> pollDrop(Context cx) {
            return Owners.pollDrop(inner, "wrapped", cx);
        }
    }

    protected final <T> Future<T> leaf(T value, int pendings) {
        return new Leaf<>(value, null, 0, pendings);
    }

    protected final <T> Future<T> fail(Exception failure, T value, int pendings) {
        return new Leaf<>(value, failure, 0, pendings);
    }

    protected final Future<Object> watch(int token, int pendings) {
        return new Leaf<>("watched", null, token, pendings);
    }

    protected final <T> Future<T> wrap(Future<T> f) {
        return new Wrapped<>(f);
    }

    protected final <T> Future<T> owns(Future<T> f, Res first, Res second) {
        return f;
    }

    protected final Future<Void> yieldNow() {
        return Async.yieldNow();
    }

    protected final <T> Future<Outcome<T>> settle(Future<T> f) {
        return Async.settle(f);
    }

    protected static WovenTogether together() {
        return WovenTogether.ALL;
    }

    /** A resource whose closing waits. */
    public static final class ARes implements AsyncCloseable {
        private final WovenWorld world;
        private final String name;
        private final int pendings;
        private final Exception failure;

        /** Opens. */
        public ARes(WovenWorld world, String name, int pendings, Exception failure) {
            this.world = world;
            this.name = name;
            this.pendings = pendings;
            this.failure = failure;
            world.log("open " + name);
        }

        @Override
        public Future<Void> closeAsync() {
            return Async.async(() -> {
                world.log("closing " + name);
                Async.await(world.fail(failure, null, pendings));
                world.log("closed " + name);
            });
        }

        @Override
        public void close() {
            world.log("WRONG close " + name);
        }
    }

    protected final ARes ares(String name, int pendings, Exception failure) {
        return new ARes(this, name, pendings, failure);
    }

    @Override
    public final <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        spawned.add(new Spawned(task, future));
        return task;
    }

    @Override
    public final void schedule(SpawnedTask<?> task, boolean yielded) {}

    @Override
    public final dev.latent.world.World world() {
        return over(dev.latent.world.World.empty());
    }

    /** Failures of cleanups go nowhere: the trace tells what happened. */
    private dev.latent.world.World over(dev.latent.world.World world) {
        PollClock clock = new PollClock();
        return world.with(FailureHandler.class, (where, failure) -> {})
                .with(Clock.class, clock)
                .with(Timers.class, clock)
                .with(RandomGenerator.class, FIRST);
    }

    /** A nanosecond is a poll; a second is over when the time for the drop has come. */
    private final class PollClock implements Clock, Timers {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public OwnedFuture<Void> sleepUntil(long deadline) {
            return deadline >= Duration.ofSeconds(1).toNanos() ? trigger() : new Polls(deadline);
        }
    }

    /** Pending a number of times. */
    private static final class Polls extends OwnedFuture<Void> {
        private long left;

        Polls(long left) {
            this.left = left;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (left-- <= 0) {
                return Poll.done();
            }
            cx.waker().wake();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {}
    }
}
