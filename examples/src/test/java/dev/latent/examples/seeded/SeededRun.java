package dev.latent.examples.seeded;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.PollHook;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link SeededProgram} on a {@link LocalExecutor} in a world of which every part is drawn from the seed: the order of the
 * ready tasks, the picks of select, which blocking call returns next and whether it does before time goes on. It writes down what
 * happens: each poll with its task's number, each wake, each outcome, what was reported, and the time of all of it.
 */
final class SeededRun {
    /** Characters of a trace. */
    private static final int MOST = 1_000_000;

    private final VirtualClock clock = new VirtualClock();
    private final RandomGenerator schedule;
    private final StringBuilder trace = new StringBuilder();
    private final List<BlockingCall<?>> calls = new ArrayList<>();

    /** Only looked into. */
    private final Map<JoinHandle<?>, Integer> numbers = new IdentityHashMap<>();

    private final LocalExecutor executor;
    private final SeededProgram program;
    private final int stopAfter;
    private int polls;
    private int current;

    SeededRun(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        schedule = random.split();
        stopAfter = random.nextInt(4) == 0 ? random.nextInt(1, 60) : Integer.MAX_VALUE;
        program = new SeededProgram(this, random.split());
        World world = World.empty()
                .with(Clock.class, clock)
                .with(RandomGenerator.class, random.split())
                .with(BlockingPool.class, this::blocking)
                .with(FailureHandler.class, (where, failure) -> note("report", where + ": " + failure));
        executor = LocalExecutor.builder()
                .world(world)
                .order(this::pick)
                .idle(this::idle)
                .pollHook(new Hook())
                .closeTimeout(Duration.ofMillis(random.nextInt(3)))
                .build();
    }

    /** {@return the trace} */
    String run() {
        try {
            note("gave", executor.blockOn(program.main()));
        } catch (Exception e) {
            note("threw", e);
        }
        executor.close();
        note("closed", executor.liveTasks());
        return trace.toString();
    }

    int polls() {
        return polls;
    }

    void note(String what, @Nullable Object detail) {
        trace.append(clock.nanoTime()).append(" #").append(current).append(' ');
        trace.append(what).append(' ').append(detail).append('\n');
        if (trace.length() > MOST) {
            throw new AssertionError("it goes on and on:\n" + trace.substring(0, 12_000));
        }
    }

    /** Stopped at a random poll, the rest of the program is cleanup. */
    private int pick(int ready) {
        if (polls == stopAfter) {
            note("stop", null);
            program.stop();
        }
        int picked = schedule.nextInt(ready);
        note("pick", picked + " of " + ready);
        return picked;
    }

    private void idle(OptionalLong next) {
        current = 0;
        if (!calls.isEmpty() && (next.isEmpty() || schedule.nextBoolean())) {
            calls.remove(schedule.nextInt(calls.size())).end();
        } else if (next.isPresent()) {
            note("time", next.getAsLong());
            clock.skipTo(next);
        } else {
            note("stuck", null);
            program.stop();
        }
    }

    private final class Hook implements PollHook {
        @Override
        public void before(JoinHandle<?> task) {
            polls++;
            current = numbers.computeIfAbsent(task, _ -> numbers.size() + 1);
            note("poll", task);
        }

        @Override
        public void after(JoinHandle<?> task) {
            note(task.isFinished() ? "ended" : "waits", task);
            current = 0;
        }
    }

    private <T> Future<T> blocking(Callable<? extends T> work) {
        return new BlockingCall<>(work);
    }

    /** Returns when {@link #idle} says so. */
    private final class BlockingCall<T> extends OwnedFuture<T> {
        private final Callable<? extends T> work;
        private @Nullable Waker waker;
        private @Nullable T value;
        private @Nullable Exception failure;
        private boolean ended;

        BlockingCall(Callable<? extends T> work) {
            this.work = work;
        }

        @Override
        @SuppressWarnings("NullAway") // T itself may be nullable
        protected Poll<T> pollOwned(Context cx) throws Exception {
            if (waker == null) {
                calls.add(this);
            }
            waker = cx.waker();
            if (!ended || !cx.spend()) {
                return Poll.pending();
            }
            if (failure != null) {
                throw failure;
            }
            return Poll.ready(value);
        }

        void end() {
            try {
                value = work.call();
            } catch (Exception e) {
                failure = e;
            }
            ended = true;
            if (waker != null) {
                waker.wake();
            }
        }

        @Override
        protected void dropOwned() {
            note("dropped", this);
            calls.remove(this);
        }

        @Override
        public String toString() {
            return "a call";
        }
    }

    /** {@return {@code future}, whose wakes are written down under {@code name}} */
    <T> Future<T> wakesNoted(String name, Future<T> future) {
        return new WakesNoted<>(name, future);
    }

    private final class WakesNoted<T> extends OwnedFuture<T> {
        private final String name;
        private final Future<T> future;

        WakesNoted(String name, Future<T> future) {
            this.name = name;
            this.future = future;
            Owners.claim(future, this);
        }

        @Override
        protected Poll<T> pollOwned(Context cx) throws Exception {
            return noting(cx, () -> Owners.poll(future, this, cx));
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            try {
                return noting(cx, () -> Owners.pollDrop(future, this, cx));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private <R> Poll<R> noting(Context cx, Callable<Poll<R>> poll) throws Exception {
            Waker outer = cx.waker();
            cx.swapWaker(() -> {
                note("wake", name);
                outer.wake();
            });
            try {
                return poll.call();
            } finally {
                cx.swapWaker(outer);
            }
        }

        @Override
        protected void dropOwned() {
            Owners.drop(future, this);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
