package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.Timed;
import dev.latent.runtime.Latent;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real database, real threads, and statements that take as long as a test wants. */
@Timeout(60)
public class PoolTest {
    /** It would count for some hours. */
    static final String FOR_HOURS =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x * b.x = 7";

    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    private final Pool pool = new Pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", 2);

    /** What the database calls: a statement that no cancel reaches. */
    public static int hang() throws InterruptedException {
        RELEASED.await();
        return 1;
    }

    static Future<Integer> run(Pool pool, String sql) {
        return pool.use(query -> {
            try (var statement = query.prepare(sql)) {
                return statement.execute() ? 1 : 0;
            }
        });
    }

    static Future<Void> untilBusy(Pool pool, int connections) {
        return async(() -> {
            while (pool.busy() != connections) {
                await(sleep(ofMillis(1)));
            }
        });
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        Latent.blockOn(async(() -> {
            for (int i = 0; i < 10; i++) {
                await(run(pool, "SELECT 1"));
            }
            await(untilBusy(pool, 0));
            assertEquals(1, pool.idle());
            await(pool.closeAsync());
            assertEquals(0, pool.idle());
        }));
    }

    @Test
    void noMoreThanItsSizeAreInUse() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Latent.blockOn(async(() -> {
            await(join(Stream.generate(() -> pool.use(_ -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        Thread.yield();
                        return now.decrementAndGet();
                    }))
                    .limit(200)
                    .toList()));
            assertTrue(most.get() <= 2, "at once: " + most);
            await(pool.closeAsync());
        }));
    }

    @Test
    void aDroppedQueryIsCancelledAndItsConnectionClosed() throws Exception {
        Latent.blockOn(async(() -> {
            var running = spawn(run(pool, FOR_HOURS));
            await(untilBusy(pool, 1));
            await(sleep(ofMillis(50))); // until it counts
            await(running.cancel());
            await(untilBusy(pool, 0));
            assertEquals(0, pool.idle());
            await(run(pool, "SELECT 1"));
            await(pool.closeAsync());
        }));
    }

    @Test
    void whatNoCancelReachesKeepsItsPlaceAndNobodyWaiting() throws Exception {
        Latent.blockOn(async(() -> {
            await(run(pool, "CREATE ALIAS HANG FOR 'notes.PoolTest.hang'"));
            for (int i = 0; i < 2; i++) {
                assertInstanceOf(Timed.TooLate.class, await(withTimeout(ofMillis(50), run(pool, "SELECT HANG()"))));
            }
            assertEquals(2, pool.busy());
            AtomicInteger ran = new AtomicInteger();
            var inLine = pool.use(_ -> ran.incrementAndGet());
            assertInstanceOf(Timed.TooLate.class, await(withTimeout(ofMillis(50), inLine)));
            var closing = spawn(pool.closeAsync());
            await(sleep(ofMillis(20)));
            assertFalse(closing.isFinished());
            RELEASED.countDown();
            await(closing);
            assertEquals(0, ran.get(), "who left the line never ran");
        }));
    }

    @Test
    void aFailureIsTheCallersAndTheNextOneGetsAnotherConnection() throws Exception {
        Latent.blockOn(async(() -> {
            assertInstanceOf(Outcome.Failed.class, await(settle(run(pool, "SELECT nonsense"))));
            await(run(pool, "CREATE TABLE t (n INT)"));
            try {
                await(pool.use(query -> {
                    try (var insert = query.prepare("INSERT INTO t VALUES (1)")) {
                        insert.execute();
                    }
                    throw new IllegalStateException("half-way");
                }));
            } catch (IllegalStateException e) {
                assertEquals("half-way", e.getMessage());
            }
            int rows = await(pool.use(query -> {
                try (var count = query.prepare("SELECT COUNT(*) FROM t");
                        var result = count.executeQuery()) {
                    result.next();
                    return result.getInt(1);
                }
            }));
            assertEquals(0, rows, "it was rolled back");
            await(untilBusy(pool, 0));
            await(pool.closeAsync());
        }));
    }

    @Test
    void droppedAnywhereItGivesEverythingBack() throws Exception {
        Latent.blockOn(async(() -> {
            for (int i = 0; i < 300; i++) {
                var running = spawn(run(pool, "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 10000)"));
                await(sleep(ofMillis(1).dividedBy(1 + i % 7)));
                await(running.cancel());
            }
            assertInstanceOf(Timed.InTime.class, await(withTimeout(ofSeconds(20), pool.closeAsync())));
        }));
    }
}
