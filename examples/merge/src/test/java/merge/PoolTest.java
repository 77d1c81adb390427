package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Outcome;
import dev.latent.Timed;
import dev.latent.junit.AsyncTest;
import dev.latent.world.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** With a database that counts, in virtual time. */
class PoolTest {
    private final FakeDriver driver = new FakeDriver();

    private Pool<FakeDriver.Session> pool(int size, int line) {
        return new Pool<>("fake", driver, size, line);
    }

    private static Question takes(int millis) {
        return new Question(7, millis);
    }

    private static List<Future<Outcome<Map<String, Object>>>> ask(Pool<?> pool, int times, int millis) {
        return IntStream.range(0, times)
                .mapToObj(_ -> settle(pool.ask(takes(millis))))
                .toList();
    }

    private Future<Void> allIsGivenBack(Pool<?> pool) {
        return async(() -> {
            await(sleep(ofSeconds(10)));
            assertEquals(0, pool.busy());
            assertEquals(0, pool.waiting());
            assertEquals(0, driver.working);
            assertEquals(pool.idle(), driver.open.size());
            await(pool.closeAsync());
            assertEquals(0, driver.open.size());
        });
    }

    @AsyncTest
    Future<Void> aConnectionIsUsedAgain() {
        return async(() -> {
            var pool = pool(2, 10);
            for (int i = 0; i < 10; i++) {
                assertEquals(Map.of("of", 7L), await(pool.ask(takes(5))));
            }
            assertEquals(1, driver.connects);
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> noMoreThanItsSizeAtOnceAndWhoFindsNoRoomHearsSoAtOnce() {
        return async(() -> {
            var pool = pool(3, 4);
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            List<Duration> refusals = new ArrayList<>();
            var all = new ArrayList<Future<Void>>();
            for (int i = 0; i < 10; i++) {
                all.add(async(() -> {
                    try {
                        await(pool.ask(takes(100)));
                    } catch (Pool.Full e) {
                        assertEquals("full: 3 questions are with it, and 4 wait", e.getMessage());
                        refusals.add(Duration.ofNanos(clock.nanoTime() - begun));
                    }
                }));
            }
            await(join(all));
            assertEquals(3, driver.mostWorking);
            assertEquals(3, driver.mostOpen);
            assertEquals(7, driver.answers);
            assertEquals(List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO), refusals);
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> whoIsDroppedInLineIsNeverAsked() {
        return async(() -> {
            var pool = pool(1, 10);
            var first = settle(pool.ask(takes(500)));
            var second = withTimeout(ofMillis(100), pool.ask(takes(1)));
            var both = await(join(first, second));
            assertInstanceOf(Outcome.Ok.class, both.first());
            assertInstanceOf(Timed.TooLate.class, both.second());
            assertEquals(1, driver.asks);
            assertEquals(0, driver.cancels);
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> whoIsDroppedWhileItIsAskedHasItStopped() {
        return async(() -> {
            var pool = pool(1, 10);
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            assertInstanceOf(Timed.TooLate.class, await(withTimeout(ofMillis(100), pool.ask(takes(60_000)))));
            assertEquals(
                    ofMillis(100).toNanos(),
                    clock.nanoTime() - begun); // the one that drops it does not wait for the database
            assertEquals(1, driver.working);
            assertEquals(1, pool.busy());
            await(sleep(ofMillis(5)));
            assertEquals(0, driver.working);
            assertEquals(0, pool.busy());
            assertEquals(1, pool.cancelled());
            assertEquals(0, pool.idle()); // a cancel that comes late meets nobody
            assertEquals(Map.of("of", 7L), await(pool.ask(takes(5))));
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> aCancelThatComesTooEarlyIsFollowedByAnother() {
        return async(() -> {
            driver.cancelsItTakes = 3;
            var pool = pool(1, 10);
            await(withTimeout(ofMillis(100), pool.ask(takes(60_000))));
            await(sleep(ofSeconds(1)));
            assertEquals(3, driver.cancels);
            assertEquals(0, driver.working);
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> whereNoCancelHelpsTheConnectionIsClosed() {
        return async(() -> {
            driver.cancelsItTakes = Integer.MAX_VALUE;
            var pool = pool(1, 10);
            await(withTimeout(ofMillis(100), pool.ask(takes(60_000))));
            await(sleep(ofMillis(900)));
            assertEquals(1, pool.busy()); // its place is taken as long as the database works on it
            await(sleep(ofSeconds(1)));
            assertEquals(10, driver.cancels);
            assertEquals(0, driver.working);
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> droppedWhileItConnectsNothingIsAskedAndTheConnectionKept() {
        return async(() -> {
            var pool = pool(1, 10);
            await(Futures.now(pool.ask(takes(60_000))));
            await(sleep(ofMillis(5)));
            assertEquals(0, driver.asks);
            assertEquals(1, pool.idle());
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> whatHasFailedIsNotUsedAgainNorTheOthers() {
        return async(() -> {
            var pool = pool(3, 10);
            await(join(ask(pool, 3, 10)));
            assertEquals(3, pool.idle());
            driver.isBroken = true;
            assertInstanceOf(Outcome.Failed.class, await(settle(pool.ask(takes(1)))));
            assertEquals(0, pool.idle());
            driver.isBroken = false;
            assertInstanceOf(Outcome.Ok.class, await(settle(pool.ask(takes(1)))));
            await(allIsGivenBack(pool));
        });
    }

    @AsyncTest
    Future<Void> whereNobodyListensThePlaceIsFreeAgain() {
        return async(() -> {
            var pool = pool(1, 10);
            driver.isRefusing = true;
            for (int i = 0; i < 5; i++) {
                var outcome = await(settle(pool.ask(takes(1))));
                assertEquals(
                        "connection refused",
                        assertInstanceOf(Outcome.Failed.class, outcome).cause().getMessage());
                assertInstanceOf(IOException.class, ((Outcome.Failed<?>) outcome).cause());
            }
            driver.isRefusing = false;
            assertInstanceOf(Outcome.Ok.class, await(settle(pool.ask(takes(1)))));
            await(allIsGivenBack(pool));
        });
    }

    /** A slow database has its places full; another one does not notice. */
    @AsyncTest
    Future<Void> oneDoesNotSlowTheOther() {
        return async(() -> {
            FakeDriver other = new FakeDriver();
            var slow = pool(2, 4);
            var quick = new Pool<>("quick", other, 2, 100);
            Merge merge = new Merge(List.of(source(slow, "slow"), source(quick, "quick")));
            Clock clock = context().capability(Clock.class);
            for (int i = 0; i < 50; i++) {
                Page page = await(merge.page(i, source -> source.name().equals("slow") ? 60_000 : 1));
                assertEquals(List.of(new Page.Missing("slow", "slow", "no answer within 50 ms")), page.missing());
                assertTrue(page.millis().get("quick") <= 2.0, page.toString());
            }
            await(sleep(ofMillis(100)));
            long begun = clock.nanoTime();
            var pages = await(join(IntStream.range(0, 20)
                    .mapToObj(i -> merge.page(i, source -> source.name().equals("slow") ? 60_000 : 1))
                    .toList()));
            assertTrue(clock.nanoTime() - begun <= ofMillis(60).toNanos());
            // two asked, four in line: the others were refused at once
            assertEquals(
                    14,
                    pages.stream()
                            .filter(page -> page.missing().toString().contains("full: "))
                            .count());
            assertTrue(pages.stream().allMatch(page -> page.parts().containsKey("quick")));
            await(allIsGivenBack(slow));
        });
    }

    private static Source source(Pool<?> pool, String name) {
        return new Source() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String part() {
                return name;
            }

            @Override
            public Duration deadline() {
                return ofMillis(50);
            }

            @Override
            public Future<Map<String, Object>> ask(Question question) {
                return pool.ask(question);
            }
        };
    }

    /** Whatever is dropped when, nothing is lost, and no two use one connection: {@link FakeDriver} would notice. */
    @AsyncTest(seeds = 50)
    Future<Void> droppedAtAnyMoment() {
        return async(() -> {
            Random random = new Random(
                    context().capability(java.util.random.RandomGenerator.class).nextLong());
            driver.cancelsItTakes = 1 + random.nextInt(3);
            var pool = pool(3, 5);
            var all = new ArrayList<Future<Void>>();
            for (int i = 0; i < 60; i++) {
                int start = random.nextInt(200);
                int limit = random.nextInt(30);
                int takes = random.nextInt(40);
                all.add(async(() -> {
                    await(sleep(ofMillis(start)));
                    try {
                        await(withTimeout(ofMillis(limit), pool.ask(takes(takes))));
                    } catch (Pool.Full e) {
                        // as it is to be
                    }
                }));
            }
            await(join(all));
            assertTrue(driver.mostOpen <= 3 && driver.mostWorking <= 3, driver.mostOpen + " open");
            await(allIsGivenBack(pool));
        });
    }
}
