package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AtomicWaker;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A task that waits without having left a waker is reported by name, and no other is. */
class StrandedTest {
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final FailureHandler handler = (where, failure) -> {
        told.add(where + "\n" + failure.getMessage());
        first.countDown();
    };
    private final LocalExecutor local = LocalExecutor.builder()
            .world(World.empty().with(Clock.class, new VirtualClock()).with(FailureHandler.class, handler))
            .build();

    private static Future<Void> forgetful() {
        return async(() -> {
            await(sleep(Duration.ofMillis(1))); // whose wake is not the one that is missing
            await(Futures.pollFn(_ -> Poll.pending()));
        });
    }

    private void pass(int seconds) throws Exception {
        local.blockOn(sleep(Duration.ofSeconds(seconds)));
    }

    private void nothingIsTold() throws Exception {
        pass(10);
        assertEquals(List.of(), List.copyOf(told));
        assertFalse(Tasks.dump(local).contains("stranded"), () -> Tasks.dump(local));
        local.close();
    }

    @Test
    void itIsToldOnceByName() throws Exception {
        JoinHandle<Void> task = local.spawn(forgetful());
        pass(2);
        assertEquals(1, told.size(), told::toString);
        String said = told.peek();
        assertTrue(said.startsWith("no waker: task dev.latent.runtime.StrandedTest.forgetful("), said);
        assertTrue(said.contains("now at dev.latent.runtime.StrandedTest.forgetful(StrandedTest.java:"), said);
        assertTrue(said.contains("waits for pollFn: its last poll was pending and asked for no waker"), said);
        assertTrue(Tasks.dump(local).contains(", stranded for "), () -> Tasks.dump(local));
        pass(20);
        assertEquals(1, told.size(), "once");
        task.close();
        local.runUntilStalled();
        assertEquals(0, local.liveTasks(), "a cancel finds it");
        local.close();
    }

    @Test
    void whoLeavesTheSameWakerAgainIsNot() throws Exception {
        AtomicWaker place = new AtomicWaker();
        local.spawn(Futures.pollFn(cx -> {
                    place.register(cx.waker());
                    return Poll.pending();
                }))
                .detach();
        local.runUntilStalled();
        place.wake();
        local.runUntilStalled();
        nothingIsTold();
    }

    @Test
    void norIsWhoWaitsForNothingOnPurpose() throws Exception {
        local.spawn(Futures.pending()).detach();
        local.spawn(async(() -> {
                    var done = dev.latent.Async.fuse(Futures.ready(1));
                    await(dev.latent.Async.select(done, Futures.pending()));
                    await(dev.latent.Async.select(done, Futures.pending()));
                }))
                .detach();
        nothingIsTold();
    }

    @Test
    void norWhoseEarlierWakerIsUsedSoon() throws Exception {
        Waker[] kept = {null};
        int[] polls = {0};
        local.spawn(Futures.pollFn(cx -> {
                    if (polls[0]++ == 0) {
                        kept[0] = cx.waker();
                    }
                    return polls[0] < 4 ? Poll.pending() : Poll.done();
                }))
                .detach();
        for (int i = 1; i < 4; i++) {
            local.blockOn(sleep(Duration.ofMillis(500)));
            kept[0].wake();
        }
        local.runUntilStalled();
        assertEquals(4, polls[0]);
        nothingIsTold();
    }

    @Test
    void norWhereAnotherBesideItHasAsked() throws Exception {
        JoinHandle<?> task = local.spawn(join(Futures.pollFn(_ -> Poll.pending()), Futures.pending()));
        nothingIsTold();
        assertTrue(task.isFinished());
    }

    @Test
    void onWorkersWithinTwoSeconds() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(2)
                .world(Latent.system().with(FailureHandler.class, handler))
                .build()) {
            pool.spawn(forgetful()).detach();
            long began = System.nanoTime();
            assertTrue(first.await(20, TimeUnit.SECONDS), "told");
            System.out.println("a stranded task was told after " + (System.nanoTime() - began) / 1_000_000 + " ms");
            assertTrue(
                    told.peek().startsWith("no waker: task dev.latent.runtime.StrandedTest.forgetful("),
                    told::toString);
            assertTrue(Tasks.dump(pool).contains(", stranded for "), () -> Tasks.dump(pool));
        }
    }
}
