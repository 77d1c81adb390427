package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Poll;
import dev.latent.world.FailureHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WatchdogTest {
    @Test
    void aBoundOfAnyLengthAndACloseThatIsHeardAtOnce() throws Exception {
        Watchdog watchdog = Watchdog.over(Duration.ofSeconds(Long.MAX_VALUE));
        Thread looks = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("latent-watchdog"))
                .findFirst()
                .orElseThrow();
        watchdog.close();
        assertTrue(looks.join(Duration.ofSeconds(30)));
        assertThrows(IllegalArgumentException.class, () -> Watchdog.over(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    private final List<Watchdog.Held> told = new ArrayList<>();
    private final Watchdog watchdog = new Watchdog(Duration.ofNanos(100), told::add);

    /** Looks at times that the test counts, while a poll is under way. */
    @Test
    void aPollThatTakesTooLongIsToldOfOnceWhileItLasts() throws Exception {
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(1)
                .name("dog")
                .pollHook(watchdog)
                .build()) {
            var task = pool.spawn(Async.named("greedy", Hand.poll(_ -> hold(polling, release))));
            polling.await();
            watchdog.look(1_000);
            watchdog.look(1_099);
            assertEquals(List.of(), told);
            watchdog.look(1_100);
            watchdog.look(5_000);
            assertEquals(1, told.size());
            Watchdog.Held held = told.getFirst();
            assertTrue(held.task().contains("greedy"), held.task());
            assertEquals("dog-0", held.thread());
            assertEquals(Duration.ofNanos(100), held.atLeast());
            assertTrue(held.stack().stream().anyMatch(e -> e.getMethodName().equals("hold")), () -> "" + held.stack());
            release.countDown();
            pool.blockOn(task);
            watchdog.look(9_000);
            watchdog.look(99_000);
            assertEquals(1, told.size());
        }
    }

    private static Poll<String> hold(CountDownLatch polling, CountDownLatch release) throws InterruptedException {
        polling.countDown();
        release.await();
        return Poll.ready("");
    }

    @Test
    void manyShortPollsAreNotOneLong() throws Exception {
        LocalExecutor executor = LocalExecutor.builder().pollHook(watchdog).build();
        executor.blockOn(Hand.poll(cx -> {
            watchdog.look(told.size() * 1_000L);
            return Poll.ready("");
        }));
        var task = executor.spawn(Hand.yields(100));
        for (int i = 0; !task.isFinished(); i++) {
            watchdog.look(i * 1_000L);
            executor.tick();
        }
        assertEquals(List.of(), told);
    }

    @Test
    void aCallInPlaceIsNotToldOf() throws Exception {
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (WorkStealingExecutor pool =
                WorkStealingExecutor.builder().threads(1).pollHook(watchdog).build()) {
            var task = pool.spawn(Hand.poll(_ -> Latent.blockInPlace(() -> hold(polling, release))));
            polling.await();
            watchdog.look(0);
            watchdog.look(1_000);
            assertEquals(List.of(), told);
            release.countDown();
            pool.blockOn(task);
        }
    }

    @Test
    void byItselfItTellsTheFailureHandler() throws Exception {
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        CountDownLatch polling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Watchdog dog = Watchdog.over(Duration.ofMillis(20));
                WorkStealingExecutor pool = WorkStealingExecutor.builder()
                        .threads(1)
                        .world(Latent.system().with(FailureHandler.class, (_, t) -> reported.add(t)))
                        .pollHook(dog)
                        .build()) {
            var task = pool.spawn(Async.named("greedy", Hand.poll(_ -> hold(polling, release))));
            Throwable held = reported.poll(30, TimeUnit.SECONDS);
            assertTrue(held != null && held.getMessage().startsWith("held: "), () -> "" + held);
            assertTrue(held.getMessage().contains("greedy"), held::getMessage);
            release.countDown();
            pool.blockOn(task);
        }
    }

    @Test
    void aBoundIsATime() {
        assertThrows(IllegalArgumentException.class, () -> new Watchdog(Duration.ZERO, null));
    }
}
