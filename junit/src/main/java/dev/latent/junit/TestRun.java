package dev.latent.junit;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.io.Net;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.PollHook;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.ComputePool;
import dev.latent.world.Entropy;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a test: its executor, its time, its chance, and what it leaves.
 *
 * <pre>{@code
 *   run ──▶ blockOn, once for each method that hands a future over
 *             every task waits:  the clock is held ─▶ wait for a wake
 *                                nobody waits for time ─▶ stuck          │
 *                                not before the timeout ─▶ virtual timeout│ fail, with the dump
 *                                else ─▶ skip there                       │
 *             real time is up: the Watchdog takes the dump and interrupts │
 *   end ──▶ tasks that are left, failures that nobody has seen
 * }</pre>
 */
final class TestRun {
    /** What a cleanup may take that is left to the end, in the time of the test. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** What a task may still do that somebody has dropped; one that never rests is left over. */
    private static final int TICKS = 1_000;

    private final Settings settings;
    private final SeedNote note;
    private final @Nullable TestClock clock;
    private final LocalExecutor executor;
    private final List<Throwable> unobserved = new ArrayList<>();

    /** Tasks that have ended, of which one may have failed without anybody reading it. */
    private final List<JoinHandle<?>> ended = new ArrayList<>();

    private int runs;

    /** Over the run that is under way. */
    private @Nullable Watchdog watchdog;

    private boolean ending;

    TestRun(String name, Settings settings) {
        this.settings = settings;
        this.note = new SeedNote(settings.seed());
        this.clock = settings.clock() == TestTime.VIRTUAL ? new TestClock() : null;
        SplittableRandom random = new SplittableRandom(settings.seed());
        World world = Latent.system().with(RandomGenerator.class, random).with(FailureHandler.class, this::unhandled);
        LocalExecutor.Builder builder = LocalExecutor.builder()
                .name(name)
                .order(random::nextInt)
                .pollHook(new Ends())
                .closeTimeout(CLOSE);
        if (clock != null) {
            world = virtual(world, clock).with(Entropy.class, random::nextBytes);
            builder.idle(deadline -> idle(clock, deadline)).onReady(clock::wake);
        }
        this.executor = builder.world(world).build();
    }

    private static World virtual(World world, TestClock clock) {
        BlockingPool threads = Objects.requireNonNull(world.capability(BlockingPool.class));
        ComputePool cores = Objects.requireNonNull(world.capability(ComputePool.class));
        Net net = Objects.requireNonNull(world.capability(Net.class));
        return world.with(Clock.class, clock.time())
                .with(TestClock.class, clock)
                .with(BlockingPool.class, new HoldingPool(threads, clock))
                .with(ComputePool.class, new HoldingCompute(cores, clock))
                .with(Net.class, new HoldingNet(net, clock));
    }

    private final class Ends implements PollHook {
        @Override
        public void before(JoinHandle<?> task) {}

        @Override
        public void after(JoinHandle<?> task) {
            if (task.isFinished()) {
                ended.add(task);
            }
        }
    }

    SeedNote note() {
        return note;
    }

    @Nullable
    TestClock clock() {
        return clock;
    }

    /** {@return how many futures it was handed} */
    int runs() {
        return runs;
    }

    /** From any thread: a cleanup may run elsewhere. */
    private void unhandled(String where, Throwable failure) {
        synchronized (unobserved) {
            unobserved.add(new AssertionError("unobserved failure, in " + where + ": " + failure, failure));
        }
    }

    /** Runs {@code future} to its end; throws what it throws, or an {@link AssertionError} when it takes too long. */
    void run(Future<?> future) throws Exception {
        runs++;
        if (clock != null) {
            clock.enter();
        }
        Watchdog over = Watchdog.over(settings.realTimeout(), this::tooLong);
        watchdog = over;
        try {
            executor.blockOn(future);
        } catch (Throwable t) {
            if (over.barked()) {
                throw over.failure(t);
            }
            throw t;
        } finally {
            over.disarm();
        }
    }

    private String tooLong() {
        List<String> held = clock == null ? List.of() : clock.held();
        return "timeout: it has not ended after " + said(settings.realTimeout()) + " of real time"
                + (held.isEmpty() ? "" : ", while the clock is held by " + String.join(", ", held)) + "\n" + dump();
    }

    private String dump() {
        return Tasks.dump(executor);
    }

    private static String said(Duration time) {
        return time.toString()
                .substring(time.toString().startsWith("PT") ? 2 : 1)
                .toLowerCase(java.util.Locale.ROOT);
    }

    /** No task is ready. */
    private void idle(TestClock clock, OptionalLong deadline) {
        boolean late = watchdog != null && watchdog.barked();
        if (late && Thread.currentThread().isInterrupted()) {
            return; // now the future is dropped
        }
        boolean ends = ending || late; // from here on only cleanups run, which nothing has to hold up
        if (!ends && clock.isHeld()) {
            clock.await();
            return;
        }
        if (deadline.isEmpty()) {
            throw new AssertionError(
                    "stuck: every task waits, and none of them for time. If another thread is to wake one,"
                            + " hold the TestClock for as long\n" + dump());
        }
        long limit = settings.timeout().toNanos();
        if (limit > 0 && deadline.getAsLong() > limit && !ends) {
            throw new AssertionError("virtual timeout: it has not ended after " + said(settings.timeout())
                    + " of virtual time\n" + dump());
        }
        clock.advanceTo(deadline.getAsLong());
    }

    /**
     * Ends it, and looks at what is left.
     *
     * @param failed for another reason already, so that tasks which it had no time to end are no news
     * @throws AssertionError for what is left
     */
    void end(boolean failed) {
        List<Throwable> wrong = new ArrayList<>();
        for (int i = 0; i < TICKS && executor.tick(); i++) {}
        if (!failed && executor.liveTasks() > 0) {
            wrong.add(new AssertionError(
                    "left over: a test awaits its tasks, or ends them by closing or dropping their handles\n"
                            + dump()));
        }
        ending = true;
        executor.close();
        ended.forEach(JoinHandle::close);
        synchronized (unobserved) {
            wrong.addAll(unobserved);
        }
        if (!wrong.isEmpty()) {
            Throwable first = wrong.removeFirst();
            wrong.forEach(first::addSuppressed);
            throw note.on((AssertionError) first);
        }
    }
}
