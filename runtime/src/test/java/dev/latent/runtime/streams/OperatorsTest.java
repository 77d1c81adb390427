package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.End;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Tuple2;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What comes out of each operator. */
class OperatorsTest extends Stand {
    private static AsyncStream<Integer> upTo(int n) {
        return AsyncStream.from(() -> IntStream.rangeClosed(1, n).boxed().iterator());
    }

    /** The same pipelines of random operators, by the JDK's stream. */
    @Test
    void aPipelineGivesWhatTheJdksGives() throws Exception {
        for (long seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            int n = random.nextInt(300);
            AsyncStream<Integer> ours = random.nextBoolean() ? upTo(n) : pausing(n);
            Stream<Integer> jdks = IntStream.rangeClosed(1, n).boxed();
            for (int ops = random.nextInt(6); ops > 0; ops--) {
                int k = random.nextInt(1, 20);
                switch (random.nextInt(13)) {
                    case 0 -> {
                        ours = ours.map(v -> v * k);
                        jdks = jdks.map(v -> v * k);
                    }
                    case 1 -> {
                        ours = ours.filter(v -> v % k != 0);
                        jdks = jdks.filter(v -> v % k != 0);
                    }
                    case 2 -> {
                        ours = ours.take(k * 10L);
                        jdks = jdks.limit(k * 10L);
                    }
                    case 3 -> {
                        ours = ours.skip(k);
                        jdks = jdks.skip(k);
                    }
                    case 4 -> {
                        ours = ours.takeWhile(v -> v % 97 != k);
                        jdks = jdks.takeWhile(v -> v % 97 != k);
                    }
                    case 5 -> {
                        ours = ours.skipWhile(v -> v < k * 3);
                        jdks = jdks.dropWhile(v -> v < k * 3);
                    }
                    case 6 -> {
                        ours = ours.chunks(k).map(List::size);
                        jdks = jdks.gather(Gatherers.windowFixed(k)).map(List::size);
                    }
                    case 7 -> {
                        ours = ours.scan(k, Integer::sum);
                        jdks = jdks.gather(Gatherers.scan(() -> k, Integer::sum));
                    }
                    case 8 -> {
                        ours = ours.flatMap(v -> upTo(v % 3));
                        jdks = jdks.flatMap(v -> IntStream.rangeClosed(1, v % 3).boxed());
                    }
                    case 9 -> {
                        ours = ours.mapAsync(v -> {
                            if (v % k == 0) {
                                await(yieldNow());
                            }
                            return v + 1;
                        });
                        jdks = jdks.map(v -> v + 1);
                    }
                    case 10 -> {
                        ours = ours.mapConcurrent(k, v -> {
                            for (int i = v % 3; i > 0; i--) {
                                await(yieldNow());
                            }
                            return v - 1;
                        });
                        jdks = jdks.map(v -> v - 1);
                    }
                    case 11 -> {
                        ours = ours.gather(Gatherers.windowSliding(3)).map(w -> w.getLast());
                        jdks = jdks.gather(Gatherers.windowSliding(3)).map(w -> w.getLast());
                    }
                    default -> {
                        ours = ours.filterAsync(v -> {
                                    await(yieldNow());
                                    return v % 2 == 0;
                                })
                                .buffer(k)
                                .peekable();
                        jdks = jdks.filter(v -> v % 2 == 0);
                    }
                }
            }
            assertEquals(jdks.toList(), run(ours.toList()), "seed " + seed);
        }
    }

    /** Waits now and then. */
    private static AsyncStream<Integer> pausing(int n) {
        return AsyncStream.generate(out -> {
            for (int i = 1; i <= n; i++) {
                if (i % 7 == 0) {
                    await(yieldNow());
                }
                await(out.emit(i));
            }
        });
    }

    @Test
    void whatBecomesOfThem() throws Exception {
        assertEquals(15, run(upTo(5).fold(0, Integer::sum)));
        assertEquals(Optional.of(120), run(upTo(5).reduce((a, b) -> a * b)));
        assertEquals(Optional.empty(), run(AsyncStream.<Integer>empty().reduce(Integer::sum)));
        assertEquals(
                List.of(List.of(2, 4), List.of(1, 3, 5)),
                List.copyOf(run(upTo(5).collect(Collectors.partitioningBy(v -> v % 2 != 0)))
                        .values()));
        assertEquals("0|1|2", run(upTo(2).foldAsync("0", (so, v) -> {
            await(yieldNow());
            return so + "|" + v;
        })));
        run(upTo(3).forEach(v -> {
            await(yieldNow());
            log.add("" + v);
        }));
        assertEquals(List.of("1", "2", "3"), log);
    }

    @Test
    void enumerateInspectDistinctZip() throws Exception {
        var seen = new ArrayList<Integer>();
        assertEquals(
                List.of(new Tuple2<>(0L, 1), new Tuple2<>(1L, 2), new Tuple2<>(2L, 1)),
                run(AsyncStream.of(1, 1, 2, 2, 2, 1)
                        .inspect(seen::add)
                        .distinctUntilChanged()
                        .enumerate()
                        .toList()));
        assertEquals(List.of(1, 1, 2, 2, 2, 1), seen);
        assertEquals(
                List.of(new Tuple2<>(1, 10L), new Tuple2<>(2, 20L)),
                run(upTo(5).zip(at(10, 20)).toList()));
    }

    @Test
    void nullsAreValues() throws Exception {
        assertEquals(
                Arrays.asList(null, null, null),
                run(upTo(3).mapConcurrent(2, _ -> {
                            await(yieldNow());
                            return null;
                        })
                        .buffer(2)
                        .gather(Gatherers.windowFixed(1))
                        .map(List::getFirst)
                        .toList()));
    }

    @Test
    void sources() throws Exception {
        assertEquals(List.of(1, 2), run(AsyncStream.of(1, 2).toList()));
        assertEquals(
                List.of(1, 2), run(AsyncStream.from(List.of(1, 2).iterator()).toList()));
        assertEquals(List.of("x", "x", "x"), run(AsyncStream.repeat("x").take(3).toList()));
        assertEquals(List.of(7), run(AsyncStream.from(after(5, 7)).toList()));
        assertEquals(
                List.of(8),
                run(AsyncStream.from(CompletableFuture.completedStage(8)).toList()));
        UnaryOperator<Next<Tuple2<Integer, Integer>>> same = UnaryOperator.identity();
        assertEquals(
                List.of(1, 2, 4, 8),
                run(AsyncStream.unfold(1, v -> same.apply(v > 8 ? Next.end() : new Item<>(new Tuple2<>(v, 2 * v))))
                        .toList()));
        assertEquals(
                List.of(1, 2, 4, 8),
                run(AsyncStream.<Integer, Integer>unfoldAsync(1, v -> {
                            await(yieldNow());
                            return v > 8 ? Next.end() : new Item<>(new Tuple2<>(v, 2 * v));
                        })
                        .toList()));
        var failure = new IOException("no");
        assertSame(
                failure,
                assertThrows(
                        IOException.class, () -> run(AsyncStream.failed(failure).toList())));
    }

    @Test
    void concatTakesOneAfterTheOther() throws Exception {
        assertEquals(
                List.of(1, 2, 1, 9),
                run(AsyncStream.concat(numbers(2), numbers(5).take(1), AsyncStream.of(9))
                        .inspect(v -> log("" + v))
                        .toList()));
        assertEquals(List.of("1@0", "2@0", "cleaned@1", "1@1", "cleaned@2", "9@2"), log);
    }

    @Test
    void onErrorGoesOnWhenAllIsCleanedUp() throws Exception {
        AsyncStream<Integer> failing = numbers(5).map(v -> {
            if (v == 3) {
                throw new IOException("three");
            }
            return v;
        });
        assertEquals(
                List.of(1, 2, 30, 31),
                run(failing.onError(e -> {
                            log(e.getMessage());
                            return AsyncStream.of(30, 31);
                        })
                        .toList()));
        assertEquals(List.of("cleaned@1", "three@1"), log);
        assertThrows(
                IllegalStateException.class,
                () -> run(AsyncStream.failed(new IOException())
                        .onError(e -> {
                            throw new IllegalStateException(e);
                        })
                        .toList()));
    }

    @Test
    void takeAsksForNoMoreThanItGives() throws Exception {
        var asked = new ArrayList<Integer>();
        assertEquals(List.of(1, 2), run(upTo(9).inspect(asked::add).take(2).toList()));
        assertEquals(List.of(1, 2), asked);
        assertEquals(List.of(), run(upTo(9).inspect(asked::add).take(0).toList()));
        assertEquals(2, asked.size());
    }

    @Test
    void peekLeavesIt() throws Exception {
        run(async(() -> {
            try (var stream = numbers(2).peekable()) {
                assertEquals(new Item<>(1), await(stream.peek()));
                assertEquals(new Item<>(1), await(stream.peek()));
                assertEquals(new Item<>(1), await(stream.next()));
                assertEquals(new Item<>(2), await(stream.next()));
                assertInstanceOf(End.class, await(stream.peek()));
                assertInstanceOf(End.class, await(stream.next()));
            }
        }));
        assertEquals(List.of("cleaned@1"), log);
        assertEquals(List.of(1, 2), run(async(() -> {
            var stream = numbers(2).peekable();
            await(stream.peek());
            return await(stream.map(v -> v).toList());
        })));
    }

    @Test
    void gatherersMayStopEarlyAndHaveALastWord() throws Exception {
        var firstTwo = java.util.stream.Gatherer.<Integer, int[], Integer>ofSequential(
                () -> new int[1],
                (state, v, out) -> out.push(v) && ++state[0] < 2,
                (state, out) -> out.push(-state[0]));
        assertEquals(List.of(1, 2, -2), run(numbers(5).gather(firstTwo).toList()));
        assertEquals(List.of("cleaned@1"), log);
    }

    @Test
    void theNumbersThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> upTo(1).mapConcurrent(0, v -> v));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).mapConcurrentUnordered(0, v -> v));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).buffer(0));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).chunks(0));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).take(-1));
        assertThrows(IllegalArgumentException.class, () -> upTo(1).spaced(ms(0)));
        assertThrows(IllegalArgumentException.class, () -> AsyncStream.interval(ms(0)));
    }

    @Test
    void others_haveTheirTurnWhileAStreamIsAlwaysReady() throws Exception {
        var endless = executor.spawn(AsyncStream.repeat(1).filter(v -> v > 1).toList());
        assertEquals("here", run(async(() -> {
            for (int i = 0; i < 10; i++) {
                await(yieldNow());
            }
            return "here";
        })));
        run(endless.cancel());
        assertTrue(run(Futures.ready(true)));
    }
}
