package dev.latent.runtime.blocking;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.withTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Second;
import dev.latent.Timed;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.Rig;
import dev.latent.world.BlockingPool;
import dev.latent.world.FailureHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that block and have an end of their own. */
@Timeout(30)
final class EndedCallTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean out = new AtomicBoolean();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicInteger ends = new AtomicInteger();

    private LocalExecutor executor(int threads) {
        FailureHandler failures = (where, failure) -> told.add(where + ": " + failure.getMessage());
        return LocalExecutor.builder()
                .world(Latent.system()
                        .with(FailureHandler.class, failures)
                        .with(BlockingPool.class, new ThreadBlockingPool(threads)))
                .build();
    }

    /** Is in until it is asked to end. */
    private String work() {
        begun.countDown();
        while (true) {
            try {
                asked.await();
                out.set(true);
                return "the result";
            } catch (InterruptedException e) {
                interrupted.set(true);
                return "interrupted";
            }
        }
    }

    private void end() {
        ends.incrementAndGet();
        asked.countDown();
    }

    private static Future<Void> until(BooleanSupplier condition) {
        return async(() -> {
            while (!condition.getAsBoolean()) {
                await(sleep(Duration.ofMillis(1)));
            }
        });
    }

    private boolean isBegun() {
        return begun.getCount() == 0;
    }

    /** Drops {@code call} once {@code condition} holds. */
    private static Future<Void> dropOnce(BooleanSupplier condition, Future<?> call) {
        return async(() -> {
            assertInstanceOf(Second.class, await(select(call, until(condition))));
        });
    }

    @Test
    void returnsAndThrowsAsAnyOtherAndIsNotEnded() throws Exception {
        LocalExecutor executor = executor(2);
        assertEquals("x", executor.blockOn(spawnBlocking(() -> "x", this::end)));
        assertThrows(
                IOException.class,
                () -> executor.blockOn(spawnBlocking(
                        () -> {
                            throw new IOException();
                        },
                        this::end)));
        assertEquals(0, ends.get());
    }

    @Test
    void theDropEndsTheWorkAndWaitsUntilItsThreadIsOut() throws Exception {
        executor(2).blockOn(async(() -> {
            await(dropOnce(this::isBegun, spawnBlocking(this::work, this::end)));
            assertTrue(out.get(), "the thread is still in");
        }));
        assertEquals(1, ends.get());
        assertFalse(interrupted.get());
        assertEquals(List.of(), told);
    }

    @Test
    void aTaskThatIsCancelledHasEndedWhenItsWorkHas() throws Exception {
        executor(2).blockOn(async(() -> {
            try (var _ = spawn(spawnBlocking(this::work, this::end))) {
                await(until(this::isBegun));
            }
            assertTrue(out.get(), "the thread is still in");
        }));
        assertEquals(1, ends.get());
    }

    @Test
    void whatWasMadeForNobodyIsClosedAndTheFailureThatTheEndBringsIsToldNobody() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        AtomicBoolean fails = new AtomicBoolean();
        LocalExecutor executor = executor(4);
        executor.blockOn(async(() -> {
            await(dropOnce(
                    this::isBegun,
                    spawnBlocking(
                            () -> {
                                work();
                                return (AutoCloseable) closed::incrementAndGet;
                            },
                            this::end)));
            assertEquals(1, closed.get());
            await(dropOnce(
                    fails::get,
                    spawnBlocking(
                            () -> {
                                fails.set(true);
                                while (ends.get() < 2) {
                                    Thread.onSpinWait();
                                }
                                throw new IOException("statement cancelled");
                            },
                            this::end)));
        }));
        assertEquals(2, ends.get());
        assertEquals(List.of(), told);
    }

    @Test
    void aFailureOfTheEndIsReported() throws Exception {
        executor(2).blockOn(async(() -> {
            await(dropOnce(this::isBegun, spawnBlocking(this::work, () -> {
                end();
                throw new IOException("no such connection");
            })));
        }));
        assertEquals(List.of("spawnBlocking, dropped: no such connection"), told);
    }

    @Test
    void droppedBeforeAThreadHasBegunItNeitherRuns() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        LocalExecutor executor = executor(1);
        executor.blockOn(async(() -> {
            try (var _ = spawn(spawnBlocking(this::work))) {
                await(until(this::isBegun));
                var queued = spawnBlocking(() -> ran.getAndSet(true), this::end);
                assertInstanceOf(Timed.TooLate.class, await(withTimeout(Duration.ofMillis(20), queued)));
                assertEquals(0, ends.get());
                asked.countDown();
            }
            assertFalse(await(spawnBlocking(ran::get)));
        }));
    }

    @Test
    void aDropWithoutAContextEndsItTooAndTheExecutorWaits() throws Exception {
        LocalExecutor executor = executor(2);
        Future<String> call = spawnBlocking(this::work, this::end);
        assertFalse(call.poll(new Context(executor)).isReady());
        begun.await();
        call.drop();
        executor.blockOn(async(() -> {
            while (!out.get()) {
                await(sleep(Duration.ofMillis(1)));
            }
        }));
        assertEquals(1, ends.get());
        assertFalse(interrupted.get());
    }

    @Test
    void whoGivesUpTheDropInterruptsTheThread() throws Exception {
        Context cx = new Context(executor(2));
        Future<String> call = spawnBlocking(this::work, ends::incrementAndGet);
        assertFalse(call.poll(cx).isReady());
        begun.await();
        assertFalse(call.pollDrop(cx).isReady());
        Rig.await(() -> ends.get() == 1);
        assertFalse(call.pollDrop(cx).isReady());
        assertFalse(interrupted.get());
        call.drop();
        Rig.await(interrupted::get);
    }

    /** A thread takes the work up just as it is dropped: then the end runs for it, and it is not interrupted. */
    @Test
    void dropsThatMeetTheBeginOfTheWorkEndItAndInterruptNobody() throws Exception {
        LocalExecutor executor = executor(2);
        AtomicInteger begins = new AtomicInteger();
        for (int i = 0; i < 3_000; i++) {
            Context cx = new Context(executor); // with a budget of its own
            AtomicBoolean hasBegun = new AtomicBoolean();
            CountDownLatch ended = new CountDownLatch(1);
            Future<Void> call = spawnBlocking(
                    () -> {
                        hasBegun.set(true);
                        begins.incrementAndGet();
                        try {
                            ended.await();
                        } catch (InterruptedException e) {
                            interrupted.set(true);
                        }
                        return null;
                    },
                    ended::countDown);
            assertFalse(call.poll(cx).isReady());
            for (int spins = i % 512; spins > 0 && !hasBegun.get(); spins--) {
                Thread.onSpinWait();
            }
            while (!call.pollDrop(cx).isReady()) {
                Thread.onSpinWait();
            }
            assertFalse(interrupted.get(), "the thread was interrupted in drop " + i);
        }
        assertTrue(begins.get() > 0, "no work has ever begun");
    }

    /** A pool that takes no call for the end: what is left is the interrupt, for nobody else would ever end the work. */
    @Test
    void whereNoThreadIsThereForTheEndTheWorkIsInterrupted() throws Exception {
        FailureHandler failures = (where, failure) -> told.add(where + ": " + failure.getMessage());
        LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system()
                        .with(FailureHandler.class, failures)
                        .with(BlockingPool.class, new ThreadBlockingPool(1, 0)))
                .build();
        executor.blockOn(async(() -> {
            await(dropOnce(this::isBegun, spawnBlocking(this::work, this::end)));
        }));
        Rig.await(interrupted::get);
        assertEquals(0, ends.get());
        assertEquals(1, told.size(), told.toString());
    }
}
