package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Shared;
import dev.latent.Spawner;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that finds every leaf ready lets the other tasks of its thread run. */
@Timeout(60)
final class BudgetTest {
    /** More than any budget. */
    private static final int MOST_IN_ONE_POLL = 1_000;

    private static final int ROUNDS = 20_000;

    /** Awaits one leaf after the other until another task of the thread has run, or for {@code ROUNDS}. */
    private static final class Loop implements Future<Integer> {
        private final Supplier<? extends Future<?>> leaf;
        private final boolean[] flag;
        private @Nullable Future<?> now;
        private int rounds;
        int mostInOnePoll;

        Loop(Supplier<? extends Future<?>> leaf, boolean[] flag) {
            this.leaf = leaf;
            this.flag = flag;
        }

        @Override
        public Poll<Integer> poll(Context cx) {
            int inThisPoll = 0;
            while (!flag[0] && rounds < ROUNDS) {
                if (now == null) {
                    now = leaf.get();
                    Owners.claim(now, this);
                }
                try {
                    if (!Owners.poll(now, this, cx).isReady()) {
                        return Poll.pending();
                    }
                } catch (Exception e) {
                    // a leaf that fails at once has to spend as well
                }
                now = null;
                rounds++;
                mostInOnePoll = Math.max(mostInOnePoll, ++inThisPoll);
            }
            return Poll.ready(rounds);
        }

        @Override
        public void drop() {
            if (now != null) {
                Owners.drop(now, this);
            }
        }
    }

    private static void check(LocalExecutor executor, String name, Supplier<? extends Future<?>> leaf)
            throws Exception {
        boolean[] flag = new boolean[1];
        Loop loop = new Loop(leaf, flag);
        JoinHandle<Integer> looping = executor.spawn(loop);
        executor.spawn(Hand.poll(_ -> {
                    flag[0] = true;
                    return Poll.done();
                }))
                .detach();
        int rounds = executor.blockOn(looping);
        assertTrue(flag[0], name + ": the other task did not run within " + rounds + " rounds");
        assertTrue(
                loop.mostInOnePoll < MOST_IN_ONE_POLL, name + ": " + loop.mostInOnePoll + " took effect in one poll");
        assertTrue(loop.mostInOnePoll > 0, name + " was never ready");
    }

    private static JoinHandle<Integer> ended(LocalExecutor executor) {
        JoinHandle<Integer> handle = executor.spawn(Hand.value(1));
        executor.runUntilStalled();
        return handle;
    }

    @Test
    void everyLeafThatIsReadySpends() throws Exception {
        try (LocalExecutor executor = new LocalExecutor();
                WorkStealingExecutor pool = WorkStealingExecutor.create(1);
                ServerSocket taken = new ServerSocket(0)) {
            JoinHandle<Integer> cancelled = ended(executor);
            JoinHandle<Integer> elsewhere = pool.spawn(Hand.value(1));
            Rig.await(elsewhere::isFinished);
            Shared<Integer> shared = Futures.shared(Hand.value(1));
            executor.blockOn(shared);
            Map<String, Supplier<? extends Future<?>>> leaves = new LinkedHashMap<>();
            leaves.put("sleep", () -> Async.sleep(Duration.ZERO));
            leaves.put("a stage observed", () -> Futures.observe(CompletableFuture.completedFuture(1)));
            leaves.put("a stage", () -> Futures.fromCompletionStage(() -> CompletableFuture.completedFuture(1)));
            leaves.put("a failed stage", () -> Futures.observe(CompletableFuture.failedFuture(new Exception("no"))));
            leaves.put("the cancel of an ended task", cancelled::cancel);
            leaves.put("the close of an ended task", cancelled::closeAsync);
            leaves.put("the cancel of a task of a pool", elsewhere::cancel);
            leaves.put("what is shared", () -> shared);
            leaves.put("timeout", () -> Async.timeout(Duration.ofHours(1), Async.sleep(Duration.ZERO)));
            leaves.put("a bind that fails", () -> TcpListener.bind("127.0.0.1", taken.getLocalPort()));
            for (var each : leaves.entrySet()) {
                check(executor, each.getKey(), each.getValue());
            }
        }
    }

    /** Polls that use up their budgets take long: a few of them, and timers and network are looked at. */
    @Test
    void fewPollsThatUseUpTheirBudgetStandBetweenTwoLooks() throws Exception {
        try (LocalExecutor executor = new LocalExecutor();
                WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            AtomicInteger local = new AtomicInteger();
            AtomicInteger stealing = new AtomicInteger();
            executor.blockOn(latest(executor, local));
            pool.blockOn(latest(pool, stealing));
            assertTrue(local.get() <= 20, local + " such polls behind a timer, on one thread");
            assertTrue(stealing.get() <= 20, stealing + " such polls behind a timer, on a worker");
        }
    }

    /** {@return the sleeps of one beside four who use up what they have} Told is how many polls of those came while it should have been awake, at most. */
    private static Future<Integer> latest(Spawner spawner, AtomicInteger most) {
        AtomicInteger polls = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < 4; i++) {
            spawner.spawn(Hand.poll(cx -> {
                        polls.incrementAndGet();
                        for (long start = System.nanoTime(); System.nanoTime() - start < 1_000_000; ) {
                            Thread.onSpinWait(); // longer than any timer below
                        }
                        while (!over.get() && cx.spend()) {}
                        return over.get() ? Poll.ready(1) : Poll.pending();
                    }))
                    .detach();
        }
        int[] since = new int[2];
        List<Future<Void>> sleep = new ArrayList<>();
        return Hand.poll(cx -> {
            while (since[1] < 20) {
                if (sleep.isEmpty()) {
                    sleep.add(Hand.sleep(1_000));
                    since[0] = polls.get();
                }
                if (!sleep.getFirst().poll(cx).isReady()) {
                    return Poll.pending();
                }
                sleep.clear();
                since[1]++;
                most.accumulateAndGet(polls.get() - since[0], Math::max);
            }
            over.set(true);
            return Poll.ready(1);
        });
    }

    @Test
    void aTickPollsAllThatAreReadyThoughEachUsesUpItsBudget() {
        AtomicInteger polls = new AtomicInteger();
        try (LocalExecutor executor = new LocalExecutor()) {
            for (int i = 0; i < 100; i++) {
                executor.spawn(Hand.poll(cx -> {
                            polls.incrementAndGet();
                            while (cx.spend()) {}
                            return Poll.pending();
                        }))
                        .detach();
            }
            executor.tick();
            assertEquals(100, polls.get());
        }
    }

    @Test
    void aHandleSpends() throws Exception {
        try (LocalExecutor executor = new LocalExecutor()) {
            var handles = new java.util.ArrayDeque<JoinHandle<Integer>>();
            for (int i = 0; i <= ROUNDS; i++) {
                handles.add(executor.spawn(Hand.value(1)));
            }
            executor.runUntilStalled();
            check(executor, "a handle", handles::remove);
            handles.forEach(JoinHandle::close);
        }
    }

    @Test
    void everyLeafOfAStreamSpends() throws Exception {
        try (LocalExecutor executor = new LocalExecutor();
                ServerSocket server = new ServerSocket(0)) {
            TcpStream stream = executor.blockOn(TcpStream.connect("127.0.0.1", server.getLocalPort()));
            try (var peer = server.accept()) {
                peer.getOutputStream().write(new byte[ROUNDS * 2]);
                executor.blockOn(stream.readable());
                ByteBuffer one = ByteBuffer.allocateDirect(1);
                check(executor, "readable", stream::readable);
                check(executor, "read", () -> stream.read(one.clear()));
                check(executor, "writable", stream::writable);
                check(executor, "write", () -> stream.write(ByteBuffer.wrap(new byte[1])));
            }
            stream.close();
            check(executor, "a read of a closed stream", () -> stream.read(ByteBuffer.allocate(1)));
        }
    }
}
