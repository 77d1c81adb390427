package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final Stand stand = new Stand();

    private Future<Void> pass(RateLimit limit, String name, int permits) {
        return async(() -> {
            await(limit.acquire(permits));
            stand.note(name);
        });
    }

    private JoinHandle<Void> spawn(RateLimit limit, String name, int permits) {
        return stand.executor.spawn(pass(limit, name, permits));
    }

    @Test
    void aBurstThenEvenly() throws Exception {
        RateLimit limit = RateLimit.of(4, ofMillis(100));
        for (int i = 0; i < 7; i++) {
            stand.run(pass(limit, "" + i, 1));
        }
        assertEquals(List.of("0@0", "1@0", "2@0", "3@0", "4@25", "5@50", "6@75"), stand.log);
        stand.pass(1_000); // the bucket is full, and no fuller
        stand.log.clear();
        for (int i = 0; i < 6; i++) {
            stand.run(pass(limit, "" + i, 1));
        }
        assertEquals(List.of("0@1075", "1@1075", "2@1075", "3@1075", "4@1100", "5@1125"), stand.log);
    }

    @Test
    void withoutABurstAlwaysEvenly() throws Exception {
        RateLimit limit = RateLimit.of(4, ofMillis(100)).burst(1);
        for (int i = 0; i < 3; i++) {
            stand.run(pass(limit, "" + i, 1));
        }
        stand.pass(1_000);
        stand.run(pass(limit, "3", 1));
        stand.run(pass(limit, "4", 1));
        assertEquals(List.of("0@0", "1@25", "2@50", "3@1050", "4@1075"), stand.log);
    }

    @Test
    void whoWantsManyIsNotOvertaken() throws Exception {
        RateLimit limit = RateLimit.of(4, ofMillis(100));
        stand.run(limit.acquire(3));
        spawn(limit, "many", 4).detach();
        spawn(limit, "one", 1).detach();
        spawn(limit, "two", 2).detach();
        stand.pass(74);
        assertEquals(List.of(), stand.log);
        stand.pass(200);
        assertEquals(List.of("many@75", "one@100", "two@150"), stand.log);
    }

    @Test
    void whoIsDroppedLeavesItsPlaceAndTakesNothing() throws Exception {
        RateLimit limit = RateLimit.of(4, ofMillis(100));
        stand.run(limit.acquire(4));
        JoinHandle<Void> first = spawn(limit, "first", 4);
        JoinHandle<Void> second = spawn(limit, "second", 1);
        spawn(limit, "third", 1).detach();
        stand.pass(10);
        second.close();
        stand.pass(10);
        first.close();
        stand.pass(100);
        assertEquals(List.of("third@25"), stand.log);
        assertEquals(0, stand.executor.liveTasks());
        spawn(limit, "dropped before its first poll", 1).close();
        stand.pass(100);
        stand.run(limit.acquire(4));
        assertEquals(220, stand.now(), "nothing was taken in between");
    }

    @Test
    void theRateIsNeverExceeded() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Stand each = new Stand(seed);
            int permits = 1 + random.nextInt(5);
            int period = 1 + random.nextInt(50);
            RateLimit limit = RateLimit.of(permits, Duration.ofNanos(period));
            List<Long> passed = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Duration after = Duration.ofNanos(random.nextInt(400));
                int wants = 1 + random.nextInt(permits);
                boolean dropped = random.nextInt(4) == 0;
                JoinHandle<Void> handle = each.executor.spawn(async(() -> {
                    await(sleep(after));
                    await(limit.acquire(wants));
                    for (int n = 0; n < wants; n++) {
                        passed.add(each.clock.nanoTime());
                    }
                }));
                if (dropped) {
                    each.executor
                            .spawn(async(() -> {
                                await(sleep(after.plusNanos(3)));
                                await(handle.cancel());
                            }))
                            .detach();
                }
            }
            each.pass(1);
            assertEquals(0, each.executor.liveTasks(), "seed " + seed);
            long interval = Math.ceilDiv(period, permits);
            for (int i = 0; i < passed.size(); i++) {
                for (int j = i; j < passed.size(); j++) {
                    long window = passed.get(j) - passed.get(i);
                    assertTrue(j - i + 1 <= permits + window / interval, "seed " + seed + ": " + passed);
                }
            }
        }
    }

    @Test
    void anotherExecutorGoesOnWhereTheFirstWas() throws Exception {
        RateLimit limit = RateLimit.of(1, ofSeconds(1));
        stand.run(limit.acquire());
        stand.pass(400);
        Stand other = new Stand();
        other.pass(50_000);
        other.run(limit.acquire());
        assertEquals(50_600, other.now());
    }

    @Test
    void whatWouldNeverPassIsRefused() {
        RateLimit limit = RateLimit.of(4, ofMillis(100));
        assertThrows(IllegalArgumentException.class, () -> limit.acquire(5));
        assertThrows(IllegalArgumentException.class, () -> limit.acquire(0));
        assertThrows(IllegalArgumentException.class, () -> limit.burst(0));
        assertThrows(IllegalArgumentException.class, () -> RateLimit.of(0, ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> RateLimit.of(1, Duration.ZERO));
        RateLimit seldom = RateLimit.of(1, Duration.ofSeconds(Long.MAX_VALUE));
        spawn(seldom, "first", 1).detach();
        JoinHandle<Void> second = spawn(seldom, "second", 1);
        stand.pass(1_000_000_000);
        assertFalse(second.isFinished());
        second.close();
    }
}
