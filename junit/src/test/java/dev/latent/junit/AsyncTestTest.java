package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.world.Clock;
import dev.latent.world.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of {@link AsyncTest}: what passes, and what really fails a test. */
class AsyncTestTest {
    // ---- virtual time
    // ------------------------------------------------------------------------------------------------

    @AsyncTest(realTimeout = "5s")
    Future<Void> aWeekTakesNoTime(TestClock clock) {
        return async(() -> {
            await(sleep(Duration.ofDays(7)));
            assertEquals(Duration.ofDays(7), clock.elapsed());
            assertEquals(clock.instant(), context().capability(Clock.class).instant());
            assertSame(clock, context().capability(TestClock.class));
        });
    }

    @AsyncTest
    Future<String> aValueIsNobodys() {
        return Futures.ready("no body, and woven all the same");
    }

    @AsyncTest
    Future<Void> deadlinesAreExactAndTimeMayBeMoved(TestClock clock) {
        return async(() -> {
            try {
                await(timeout(Duration.ofNanos(99), sleep(Duration.ofNanos(100))));
            } catch (TimeoutException e) {
                assertTrue(e.getMessage().contains("of virtual time"), e.getMessage());
                assertEquals(99, clock.nanoTime());
            }
            var late = spawn(sleep(Duration.ofSeconds(5)));
            await(sleep(Duration.ofNanos(1))); // time passes once every task waits
            clock.advance(Duration.ofSeconds(6));
            await(late);
            assertEquals(Duration.ofSeconds(6).plusNanos(100), clock.elapsed());
        });
    }

    // ---- what makes it stand
    // ------------------------------------------------------------------------------------------

    @AsyncTest
    Future<Void> standsWhileABlockingCallWorks(TestClock clock) {
        return stands(clock, Async::spawnBlocking);
    }

    @AsyncTest
    Future<Void> standsWhileSomethingIsComputed(TestClock clock) {
        return stands(clock, Async::compute);
    }

    private static Future<Void> stands(TestClock clock, Function<Callable<Long>, Future<Long>> elsewhere) {
        return async(() -> {
            var asleep = new CountDownLatch(1);
            var sleeper = spawn(async(() -> {
                asleep.countDown();
                await(sleep(Duration.ofHours(1)));
            }));
            long then = await(elsewhere.apply(() -> {
                asleep.await(); // from here on nothing but the hold keeps time from passing
                for (int i = 0; i < 1_000; i++) {
                    Thread.yield();
                }
                return clock.nanoTime();
            }));
            assertEquals(0, then);
            assertEquals(0, clock.nanoTime());
            await(sleeper);
            assertEquals(Duration.ofHours(1), clock.elapsed());
        });
    }

    @AsyncTest
    Future<Void> standsWhileASocketIsOpen(TestClock clock) {
        return scopeDo(tasks -> {
            try (var listener = await(TcpListener.bind("127.0.0.1", 0))) {
                var server = tasks.spawn(async(() -> {
                    try (var client = await(listener.accept())) {
                        await(client.write(ByteBuffer.wrap(new byte[] {1, 2, 3})));
                        await(client.shutdownOutput());
                        return null;
                    }
                }));
                tasks.spawn(sleep(Duration.ofDays(1)));
                try (var socket = await(
                        TcpStream.connect("127.0.0.1", listener.localAddress().getPort()))) {
                    var read = ByteBuffer.allocate(10);
                    while (await(socket.read(read)) >= 0) {}
                    assertEquals(3, read.position());
                }
                await(server);
                assertEquals(0, clock.nanoTime());
                assertEquals(1, clock.held().size(), () -> clock.held().toString());
            }
            assertEquals(List.of(), clock.held());
        });
    }

    @AsyncTest
    Future<Void> standsWhileItIsHeld(TestClock clock) {
        return async(() -> {
            var told = new CompletableFuture<String>();
            try (var hold = clock.hold("a thread of the test")) {
                Thread.ofVirtual().start(() -> told.complete("told"));
                var first = await(select(Futures.observe(told), sleep(Duration.ofSeconds(1))));
                assertInstanceOf(dev.latent.First.class, first);
                assertEquals("a thread of the test", hold.toString());
            }
            assertEquals(0, clock.nanoTime());
        });
    }

    // ---- beside the other annotations
    // ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    @Awaited
    Future<Void> withParameters(int hours, TestClock clock) {
        return async(() -> {
            await(sleep(Duration.ofHours(hours)));
            assertEquals(Duration.ofHours(hours), clock.elapsed());
        });
    }

    @RepeatedTest(3)
    @Awaited
    Future<Void> repeated() {
        return sleep(Duration.ofHours(1));
    }

    @Test
    @Awaited
    Future<Void> plain() {
        return sleep(Duration.ofHours(1));
    }

    @Nested
    class AroundIt {
        private final List<String> log = new ArrayList<>();
        private dev.latent.JoinHandle<Void> server;

        @BeforeEach
        @Awaited
        Future<Void> open() {
            return async(() -> {
                await(sleep(Duration.ofHours(1)));
                server = spawn(Futures.pending());
                log.add("open");
            });
        }

        @AsyncTest
        Future<Void> sharesTimeAndTasks(TestClock clock) {
            return async(() -> {
                assertEquals(List.of("open"), log);
                assertEquals(Duration.ofHours(1), clock.elapsed());
            });
        }

        @AfterEach
        @Awaited
        Future<Void> close() {
            return async(() -> await(server.closeAsync()));
        }
    }

    @AsyncTest(timeout = "99999999999999999999d", realTimeout = "100000000d")
    Future<Void> limitsMayBeOfAnyLength() {
        return async(() -> {
            await(sleep(Duration.ofDays(1)));
        });
    }

    // ---- what fails
    // --------------------------------------------------------------------------------------------------

    /** Not found by the build: its name is no test's, and it is not static and nested for nothing. */
    static class Wrong {
        static final List<String> TRACE = new ArrayList<>();

        @AsyncTest
        Future<Void> throwsIt() {
            return async(() -> {
                await(yieldNow());
                throw new IOException("as it is");
            });
        }

        @AsyncTest
        Future<Void> leavesATask() {
            return async(() -> {
                spawn(left()).detach();
                await(yieldNow());
            });
        }

        private Future<Void> left() {
            return async(() -> await(sleep(Duration.ofHours(1))));
        }

        @AsyncTest
        Future<Void> detachesAFailure() {
            return async(() -> {
                spawn(fails()).detach();
                await(sleep(Duration.ofSeconds(1)));
            });
        }

        @AsyncTest
        Future<Void> losesAHandleWithAFailure() {
            return async(() -> {
                var lost = spawn(fails());
                await(sleep(Duration.ofSeconds(1)));
                assertTrue(lost.isFinished());
            });
        }

        private Future<Void> fails() {
            return async(() -> {
                await(yieldNow());
                throw new IOException("nobody's");
            });
        }

        @AsyncTest
        Future<Void> failsInACleanup() {
            return async(() -> {
                try (var _ = spawn(badCleanup())) {
                    await(sleep(Duration.ofSeconds(1)));
                }
            });
        }

        private Future<Void> badCleanup() {
            return async(() -> {
                try {
                    await(sleep(Duration.ofHours(1)));
                } finally {
                    breaks();
                }
            });
        }

        private void breaks() {
            throw new IllegalStateException("in the cleanup");
        }

        @AsyncTest(timeout = "10 m")
        Future<Void> tooLongInVirtualTime() {
            return async(() -> {
                while (true) {
                    await(sleep(Duration.ofSeconds(59)));
                }
            });
        }

        @AsyncTest
        Future<Void> stuck() {
            return async(() -> await(Futures.pending()));
        }

        @AsyncTest(realTimeout = "300 ms")
        Future<Void> tooLongWithAHold(TestClock clock) {
            return async(() -> {
                try (var _ = clock.hold("the printer")) {
                    await(sleep(Duration.ofSeconds(1)));
                }
            });
        }

        @AsyncTest(realTimeout = "300 ms")
        Future<Void> tooLongByPolls() {
            return async(() -> {
                while (true) {
                    await(yieldNow());
                }
            });
        }

        @AsyncTest(realTimeout = "300 ms")
        Future<Void> tooLongInACleanup(TestClock clock) {
            return async(() -> {
                try (var _ = clock.hold("the printer")) {
                    await(Futures.pending());
                } finally {
                    await(sleep(Duration.ofHours(1)));
                    TRACE.add("clean");
                    await(Futures.pending());
                }
            });
        }

        @AsyncTest
        Future<Void> leavesOneThatNeverRests() {
            return async(() -> spawn(tooLongByPolls()).detach());
        }

        @AsyncTest(clock = TestTime.SYSTEM, realTimeout = "300 ms")
        Future<Void> tooLongInSystemTime() {
            return async(() -> await(sleep(Duration.ofDays(1))));
        }

        @AsyncTest(realTimeout = "300 ms")
        Future<Void> tooLongInABlockingCall() {
            return async(() -> {
                await(spawnBlocking(() -> {
                    new CountDownLatch(1).await();
                    return null;
                }));
            });
        }

        @AsyncTest
        Future<Void> failsUnderItsSchedule() {
            return async(() -> {
                var trace = new StringBuilder();
                await(scopeDo(tasks -> {
                    for (int i = 0; i < 4; i++) {
                        tasks.spawn(worker(i, trace));
                    }
                }));
                var bytes = new byte[4];
                context().capability(Entropy.class).nextBytes(bytes);
                trace.append(context().capability(RandomGenerator.class).nextInt());
                trace.append(List.of(bytes[0], bytes[1], bytes[2], bytes[3]));
                TRACE.add(trace.toString());
                throw new IOException("at the end");
            });
        }

        private Future<Void> worker(int name, StringBuilder trace) {
            return async(() -> {
                for (int i = 0; i < 5; i++) {
                    await(yieldNow());
                    trace.append(name);
                }
            });
        }

        @AsyncTest(seed = 100, seeds = 7)
        Future<Void> failsAtSome() {
            return async(() -> {
                var first = await(select(Futures.ready("a"), Futures.ready("b")));
                assertInstanceOf(dev.latent.First.class, first);
            });
        }

        @AsyncTest
        void givesNoFuture() {}
    }

    static class WrongAround {
        @BeforeAll
        @Awaited
        static Future<Void> leaves() {
            return async(() -> spawn(sleep(Duration.ofHours(1))).detach());
        }

        @Test
        void neverRuns() {}
    }

    @Test
    void aFailureIsThrownAsItIs() {
        Throwable failure = Runs.failure(Wrong.class, "throwsIt");
        assertInstanceOf(IOException.class, failure);
        assertEquals("as it is", failure.getMessage());
        String shown = Runs.shown(failure);
        assertTrue(shown.contains("-Dlatent.test.seed=" + Runs.seed(failure)), shown);
    }

    @Test
    void aTaskLeftOverFails() {
        Throwable failure = Runs.failure(Wrong.class, "leavesATask");
        assertTrue(failure.getMessage().startsWith("left over"), failure.getMessage());
        assertTrue(failure.getMessage().contains("1 live task"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Wrong.left("), failure.getMessage());
        assertTrue(Runs.seed(failure) != 0);
    }

    @Test
    void aTaskThatNeverRestsIsLeftOverToo() {
        Throwable failure = Runs.failure(Wrong.class, "leavesOneThatNeverRests");
        assertTrue(failure.getMessage().startsWith("left over"), failure.getMessage());
    }

    @Test
    void aRealTimeoutLetsCleanupsRunAndEndsThemToo() {
        Wrong.TRACE.clear();
        Throwable failure = Runs.failure(Wrong.class, "tooLongInACleanup");
        assertTrue(failure.getMessage().startsWith("timeout: "), failure.getMessage());
        assertEquals(List.of("clean"), Wrong.TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"detachesAFailure", "losesAHandleWithAFailure"})
    void anUnobservedFailureFails(String method) {
        Throwable failure = Runs.failure(Wrong.class, method);
        assertTrue(failure.getMessage().startsWith("unobserved failure"), failure.getMessage());
        assertInstanceOf(IOException.class, failure.getCause());
        assertTrue(Runs.seed(failure) != 0);
    }

    @Test
    void aFailureOfACleanupFails() {
        Throwable failure = Runs.failure(Wrong.class, "failsInACleanup");
        assertTrue(failure.getMessage().startsWith("unobserved failure"), failure.getMessage());
        assertEquals("in the cleanup", failure.getCause().getMessage());
    }

    @Test
    void aVirtualTimeoutSaysVirtual() {
        Throwable failure = Runs.failure(Wrong.class, "tooLongInVirtualTime");
        assertTrue(failure.getMessage().startsWith("virtual timeout"), failure.getMessage());
        assertTrue(failure.getMessage().contains("10m of virtual time"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Wrong.tooLongInVirtualTime"), failure.getMessage());
    }

    @Test
    void whatNothingCanWakeFailsAtOnce() {
        Throwable failure = Runs.failure(Wrong.class, "stuck");
        assertTrue(failure.getMessage().startsWith("stuck"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Wrong.stuck"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tooLongWithAHold", "tooLongInSystemTime", "tooLongInABlockingCall", "tooLongByPolls"})
    void aRealTimeoutHasADump(String method) {
        Throwable failure = Runs.failure(Wrong.class, method);
        assertTrue(failure.getMessage().startsWith("timeout: "), failure.getMessage());
        assertTrue(failure.getMessage().contains("of real time"), failure.getMessage());
        assertTrue(failure.getMessage().contains("Wrong." + method), failure.getMessage());
        assertTrue(Runs.seed(failure) != 0);
        assertEquals(method.equals("tooLongWithAHold"), failure.getMessage().contains("held by the printer"));
        assertTrue(!Thread.currentThread().isInterrupted());
    }

    @Test
    void aSeedIsAScheduleAndCanBeReplayed() {
        Wrong.TRACE.clear();
        Set<Long> seeds = new HashSet<>();
        Throwable failure = null;
        for (int i = 0; i < 3; i++) {
            failure = Runs.failure(Wrong.class, "failsUnderItsSchedule");
            seeds.add(Runs.seed(failure));
        }
        assertEquals(3, seeds.size(), "a fresh one each time");
        assertEquals(3, new HashSet<>(Wrong.TRACE).size(), Wrong.TRACE.toString());
        System.setProperty(SeedNote.PROPERTY, String.valueOf(Runs.seed(failure)));
        try {
            assertEquals(Runs.seed(failure), Runs.seed(Runs.failure(Wrong.class, "failsUnderItsSchedule")));
        } finally {
            System.clearProperty(SeedNote.PROPERTY);
        }
        assertEquals(Wrong.TRACE.get(2), Wrong.TRACE.get(3));
        assertNotEquals(Wrong.TRACE.get(1), Wrong.TRACE.get(2));
    }

    @Test
    void manySeedsAreManyRuns() {
        var events = Runs.of(Wrong.class, "failsAtSome");
        events.assertStatistics(s -> s.started(7));
        List<Throwable> failures = Runs.failures(events);
        assertTrue(!failures.isEmpty() && failures.size() < 7, failures.size() + " of 7 failed");
        for (Throwable failure : failures) {
            assertTrue(Runs.seed(failure) >= 100 && Runs.seed(failure) < 107);
        }
        assertEquals(
                failures.stream().map(Runs::seed).toList(),
                Runs.failures(Runs.of(Wrong.class, "failsAtSome")).stream()
                        .map(Runs::seed)
                        .toList());
    }

    @Test
    void aMethodWithoutAFutureFails() {
        Throwable failure = Runs.failure(Wrong.class, "givesNoFuture");
        assertTrue(failure.getMessage().contains("gave no future"), failure.getMessage());
    }

    @Test
    void aMethodAroundAllTestsLeavesNothing() {
        List<Throwable> failures = Runs.allFailures(WrongAround.class);
        assertEquals(1, failures.size());
        assertTrue(failures.getFirst().getMessage().startsWith("left over"), failures.toString());
    }
}
