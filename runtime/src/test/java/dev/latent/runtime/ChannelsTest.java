package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.spawn;
import static dev.latent.Async.withTimeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.End;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Second;
import dev.latent.Timed;
import dev.latent.channel.Channel;
import dev.latent.channel.Oneshot;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels between tasks of two workers: what is sent arrives once, whatever loses on the way. */
@Timeout(120)
final class ChannelsTest {
    private static Future<Void> numbers(Sender<Integer> out, int from, int count) {
        return async(() -> {
            try (out) {
                for (int i = 0; i < count; i++) {
                    await(out.send(from + i));
                }
            }
        });
    }

    /** Each round drops the loser of two receives: told, it may have been, but what it was told of stays. */
    private static Future<int[]> selecting(Receiver<Integer> left, Receiver<Integer> right) {
        return async(() -> {
            int[] counts = new int[2];
            int ended = 0;
            while (ended != 3) {
                if (ended == 0) {
                    switch (await(select(left.next(), right.next()))) {
                        case First(Item(var n)) -> check(counts, 0, n);
                        case First(End()) -> ended |= 1;
                        case Second(Item(var n)) -> check(counts, 1, n);
                        case Second(End()) -> ended |= 2;
                    }
                } else {
                    switch (await(ended == 1 ? right.next() : left.next())) {
                        case Item(var n) -> check(counts, ended == 1 ? 1 : 0, n);
                        case End() -> ended = 3;
                    }
                }
            }
            return counts;
        });
    }

    private static void check(int[] counts, int side, int number) {
        if (number != counts[side]) {
            throw new AssertionError(
                    "of channel " + side + " number " + number + " came in the place of " + counts[side]);
        }
        counts[side]++;
    }

    @Test
    void aSelectInALoopOverTwoChannelsLosesNothing() throws Exception {
        int each = 500_000;
        try (var pool = WorkStealingExecutor.create(2)) {
            Channel<Integer> left = Channel.bounded(4);
            Channel<Integer> right = Channel.bounded(4);
            pool.spawn(numbers(left.newSender(), 0, each)).detach();
            pool.spawn(numbers(right.newSender(), 0, each)).detach();
            int[] counts = pool.blockOn(selecting(left.receiver(), right.receiver()));
            assertEquals(List.of(each, each), List.of(counts[0], counts[1]));
        }
    }

    /** Receives in every way in which a receive can be lost: behind a timeout, within a join, before a cleanup that awaits. */
    private static Future<Void> losing(Receiver<Integer> inbox, BitSet seen, Random random) {
        return async(() -> {
            while (true) {
                try {
                    switch (random.nextInt(3)) {
                        case 0 -> {
                            var timed = await(withTimeout(
                                    Duration.ofNanos(random.nextInt(20_000)),
                                    withTimeout(Duration.ofNanos(random.nextInt(20_000)), inbox.next())));
                            if (timed instanceof Timed.InTime(Timed.InTime(var next))) {
                                if (next instanceof Item(var n)) {
                                    note(seen, n);
                                } else {
                                    return;
                                }
                            }
                        }
                        case 1 -> {
                            var both = await(join(inbox.next(), yieldNow()));
                            if (both.first() instanceof Item(var n)) {
                                note(seen, n);
                            } else {
                                return;
                            }
                        }
                        default -> {
                            if (await(inbox.next()) instanceof Item(var n)) {
                                note(seen, n);
                            } else {
                                return;
                            }
                        }
                    }
                } finally {
                    await(yieldNow());
                }
            }
        });
    }

    private static void note(BitSet seen, int number) {
        synchronized (seen) {
            assertTrue(!seen.get(number), () -> number + " came twice");
            seen.set(number);
        }
    }

    @Test
    void whoeverIsCancelledLosesNothing() throws Exception {
        int count = 60_000;
        long seed = new Random().nextLong();
        BitSet seen = new BitSet();
        try (var pool = WorkStealingExecutor.create(2)) {
            Channel<Integer> channel = Channel.bounded(3, n -> note(seen, n));
            pool.blockOn(async(() -> {
                var random = new Random(seed);
                try (var keeps = channel.receiver()) {
                    spawn(numbers(channel.newSender(), 0, count / 2)).detach();
                    spawn(numbers(channel.newSender(), count / 2, count / 2)).detach();
                    for (int round = 0; !channel.isClosed() || keeps.size() > 0; round++) {
                        var a = spawn(losing(keeps, seen, new Random(seed + 2L * round)));
                        var b = spawn(losing(keeps, seen, new Random(seed + 2L * round + 1)));
                        for (int i = random.nextInt(40); i > 0; i--) {
                            await(yieldNow());
                        }
                        await(a.cancel());
                        await(b.cancel());
                    }
                    while (await(keeps.next()) instanceof Item(var n)) {
                        note(seen, n);
                    }
                }
            }));
        }
        assertEquals(count, seen.cardinality(), "seed " + seed);
    }

    private record Question(int number, Oneshot<Integer> answer) {}

    @Test
    void questionsAreAnswered() throws Exception {
        int count = 20_000;
        try (var pool = WorkStealingExecutor.create(2)) {
            Channel<Question> questions = Channel.bounded(1);
            var inbox = questions.receiver();
            pool.spawn(async(() -> {
                        while (await(inbox.next()) instanceof Item(var question)) {
                            question.answer().send(question.number() * 2);
                        }
                    }))
                    .detach();
            long sum = pool.blockOn(async(() -> {
                long total = 0;
                for (int i = 0; i < count; i++) {
                    try (var answer = Oneshot.<Integer>create()) {
                        await(questions.send(new Question(i, answer)));
                        total += await(answer.receive());
                    }
                }
                questions.close();
                return total;
            }));
            assertEquals((long) count * (count - 1), sum);
        }
    }

    @Test
    void threadsAndTasksShareAChannel() throws Exception {
        try (var pool = WorkStealingExecutor.create(2)) {
            Channel<Integer> down = Channel.bounded(2);
            Channel<Integer> up = Channel.rendezvous();
            var inbox = down.receiver();
            var results = up.receiver();
            pool.spawn(async(() -> {
                        while (await(inbox.next()) instanceof Item(var n)) {
                            await(up.send(n + 1));
                        }
                        up.close();
                    }))
                    .detach();
            var sender = new CompletableFuture<Void>();
            Thread.ofVirtual().start(() -> {
                try (down) {
                    for (int i = 0; i < 2_000; i++) {
                        down.sendBlocking(i);
                    }
                    sender.complete(null);
                } catch (Throwable t) {
                    sender.completeExceptionally(t);
                }
            });
            List<Integer> got = new ArrayList<>();
            while (results.nextBlocking() instanceof Item(var n)) {
                got.add(n);
            }
            sender.get(10, TimeUnit.SECONDS);
            assertEquals(2_000, got.size());
            for (int i = 0; i < got.size(); i++) {
                assertEquals(i + 1, got.get(i));
            }
        }
    }

    /** On one thread too, where the sender and the receiver wake each other all the time. */
    @Test
    void aSelectOnOneThread() throws Exception {
        Channel<Integer> left = Channel.bounded(2);
        Channel<Integer> right = Channel.rendezvous();
        int[] counts = Latent.blockOn(async(() -> {
            spawn(numbers(left.newSender(), 0, 20_000)).detach();
            spawn(numbers(right.newSender(), 0, 20_000)).detach();
            var spawner = context().spawner();
            return await(spawner.spawn(selecting(left.receiver(), right.receiver())));
        }));
        assertEquals(List.of(20_000, 20_000), List.of(counts[0], counts[1]));
    }
}
