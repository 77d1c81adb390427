package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.End;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.Tuple2;
import dev.latent.Waker;
import dev.latent.stream.AsyncStream;
import dev.latent.stream.StreamMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several at once: bounds, order, failures, and who is polled. */
class ConcurrentTest extends Stand {
    @Test
    void inOrderAndAsTheyEnd() throws Exception {
        assertEquals(
                List.of(30, 10, 20),
                run(AsyncStream.of(30, 10, 20)
                        .mapConcurrent(3, v -> await(after(v, v)))
                        .toList()));
        assertEquals(30, now());
        assertEquals(
                List.of(10, 20, 30),
                run(AsyncStream.of(30, 10, 20)
                        .mapConcurrentUnordered(3, v -> await(after(v, v)))
                        .toList()));
        assertEquals(60, now());
    }

    @Test
    void whatRunsAndWhatHasEndedStayWithinTheBound() throws Exception {
        for (int most = 1; most <= 5; most++) {
            for (boolean ordered : new boolean[] {true, false}) {
                int[] inside = {0, 0};
                AsyncStream<Integer> source =
                        AsyncStream.from(IntStream.range(0, 50).boxed().toList());
                dev.latent.AsyncFunction<Integer, Integer> body = v -> {
                    inside[1] = Math.max(inside[1], ++inside[0]);
                    await(sleep(ms(v * 7 % 5)));
                    return v;
                };
                var mapped = ordered ? source.mapConcurrent(most, body) : source.mapConcurrentUnordered(most, body);
                run(mapped.forEach(v -> {
                    inside[0]--; // taken
                    await(sleep(ms(v % 3)));
                }));
                assertEquals(0, inside[0]);
                assertEquals(most, inside[1]);
            }
        }
    }

    /** Bodies get on while the consumer is at work, as far as there is place. */
    @Test
    void theConsumerFreezesNobody() throws Exception {
        run(AsyncStream.of(1, 2, 3, 4)
                .mapConcurrent(2, v -> {
                    await(sleep(ms(10)));
                    log("mapped " + v);
                    return v;
                })
                .forEach(v -> await(sleep(ms(10)))));
        assertEquals(List.of("mapped 1@10", "mapped 2@10", "mapped 3@20", "mapped 4@30"), log);
        log.clear();
        long begun = now();
        run(AsyncStream.of(1, 2, 3, 4)
                .mapAsync(v -> {
                    await(sleep(ms(10)));
                    return v;
                })
                .buffer(1)
                .map(v -> v)
                .mapAsync(v -> {
                    await(sleep(ms(10)));
                    return v;
                })
                .forEach(v -> log("" + v)));
        assertEquals(50, now() - begun);
    }

    /** Also where they are under a merge. */
    @Test
    void theConsumerFreezesNobodyUnderAMerge() throws Exception {
        var a = AsyncStream.of(1, 2, 3).mapConcurrent(2, v -> {
            await(sleep(ms(10)));
            log("a" + v);
            return v;
        });
        var b = AsyncStream.of(4, 5, 6).mapConcurrent(2, v -> {
            await(sleep(ms(15)));
            log("b" + v);
            return v;
        });
        run(a.mergeWith(b).forEach(_ -> await(sleep(ms(100)))));
        assertTrue(log.containsAll(List.of("a1@10", "a2@10", "b4@15", "b5@15")), log::toString);
    }

    @Test
    void withoutAnAskerNothingInFlightIsPolled() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.of(1, 2, 3).mapConcurrent(3, v -> {
            for (int i = 0; i < v; i++) {
                await(sleep(ms(10)));
            }
            log("mapped " + v);
            return v;
        });
        run(async(() -> {
            try (stream) {
                assertEquals(new Item<>(1), await(stream.next()));
                await(sleep(ms(100)));
                assertEquals(List.of("mapped 1@10"), log);
                assertEquals(new Item<>(2), await(stream.next()));
            }
        }));
        assertEquals(List.of("mapped 1@10", "mapped 2@110"), log);
    }

    @Test
    void aFailureComesAtItsPlaceAndStartsNothingNew() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.of(1, 2, 3, 4, 5).mapConcurrent(3, v -> {
            log("start " + v);
            try {
                if (v == 2) {
                    await(sleep(ms(5)));
                    throw new IOException("two");
                }
                await(sleep(ms(v * 10)));
                return v;
            } finally {
                await(sleep(ms(1)));
                log("end " + v);
            }
        });
        run(async(() -> {
            try (stream) {
                assertEquals(new Item<>(1), await(stream.next()));
                try {
                    await(stream.next());
                    throw new AssertionError();
                } catch (IOException e) {
                    log("thrown");
                }
                assertInstanceOf(End.class, await(stream.next()));
            }
        }));
        assertEquals(
                List.of("start 1@0", "start 2@0", "start 3@0", "end 2@6", "end 1@11", "end 3@12", "thrown@12"), log);
    }

    @Test
    void unorderedAFailureComesAtOnceAndLetsTheOthersGo() throws Exception {
        var held = new Held(1);
        AsyncStream<Held> stream = AsyncStream.of(1, 2, 3).mapConcurrentUnordered(3, v -> {
            await(sleep(ms(v)));
            if (v == 1) {
                throw new IOException("one");
            }
            return v == 2 ? held : new Held(v);
        });
        run(async(() -> {
            try (stream) {
                // Both have ended when it is asked.
                await(dev.latent.Async.withTimeout(ms(0), stream.next()));
                await(sleep(ms(2)));
                try {
                    await(stream.next());
                    throw new AssertionError();
                } catch (IOException e) {
                    assertEquals("one", e.getMessage());
                }
            }
        }));
        assertEquals(1, held.closes);
    }

    @Test
    void theSourcesFailureStandsBehindWhatItGave() throws Exception {
        AsyncStream<Integer> stream =
                AsyncStream.concat(AsyncStream.of(1, 2), AsyncStream.failed(new IOException("end")));
        var seen = new ArrayList<Integer>();
        assertThrows(
                IOException.class,
                () -> run(stream.mapConcurrent(5, v -> {
                            await(sleep(ms(10)));
                            return v;
                        })
                        .forEach(v -> seen.add(v))));
        assertEquals(List.of(1, 2), seen);
    }

    @Test
    void forEachConcurrent() throws Exception {
        run(AsyncStream.of(3, 1, 2).forEachConcurrent(2, v -> {
            await(sleep(ms(v * 10)));
            log("" + v);
        }));
        assertEquals(List.of("1@10", "3@30", "2@30"), log);
        assertThrows(
                IOException.class,
                () -> run(numbers(5).forEachConcurrent(2, v -> {
                    await(yieldNow());
                    if (v == 2) {
                        throw new IOException();
                    }
                    await(sleep(ms(1000)));
                })));
        assertEquals(31, now());
    }

    /** Waits to be told, and counts who asks. */
    private static final class Told implements Source<Integer> {
        int polls;
        int left;
        Waker waker = Waker.noop();

        @Override
        public Future<Next<Integer>> next() {
            return new OwnedFuture<>() {
                @Override
                protected Poll<Next<Integer>> pollOwned(Context cx) {
                    polls++;
                    waker = cx.waker();
                    return left == 0 ? Poll.pending() : Poll.ready(--left < 0 ? Next.end() : new Item<>(left));
                }

                @Override
                protected void dropOwned() {}
            };
        }

        void tell(int n) {
            left = n;
            waker.wake();
        }

        @Override
        public void close() {}
    }

    @Test
    void aMergePollsOnlyWhoWasWoken() throws Exception {
        var all = new ArrayList<Told>();
        var streams = new ArrayList<AsyncStream<Integer>>();
        for (int i = 0; i < 1000; i++) {
            all.add(new Told());
            streams.add(AsyncStream.from(all.getLast()));
        }
        var seen = new ArrayList<Integer>();
        var task = executor.spawn(AsyncStream.mergeAll(streams).forEach(v -> seen.add(v)));
        executor.runUntilStalled();
        assertEquals(1000, all.stream().mapToInt(t -> t.polls).sum());
        all.get(700).tell(2);
        executor.runUntilStalled();
        assertEquals(List.of(1, 0), seen);
        assertEquals(1003, all.stream().mapToInt(t -> t.polls).sum());
        run(task.cancel());
    }

    @Test
    void aMergeTakesTurnsAndABiasedOneDoesNot() throws Exception {
        assertEquals(
                List.of("a", "b", "a", "b"),
                run(AsyncStream.mergeAll(AsyncStream.repeat("a"), AsyncStream.repeat("b"))
                        .take(4)
                        .toList()));
        assertEquals(
                List.of("a", "a", "b"),
                run(AsyncStream.mergeBiased(AsyncStream.of("a", "a"), AsyncStream.repeat("b"))
                        .take(3)
                        .toList()));
    }

    @Test
    void aMergeFailsAsTheFirstOfThemAndCleansUpTheOthers() throws Exception {
        assertThrows(
                IOException.class,
                () -> run(numbers(100)
                        .spaced(ms(1))
                        .mergeWith(AsyncStream.<Integer>generate(_ -> {
                            await(sleep(ms(5)));
                            throw new IOException();
                        }))
                        .toList()));
        assertEquals(List.of("cleaned@6"), log);
    }

    @Test
    void streamsComeAndGoInAMap() throws Exception {
        run(async(() -> {
            try (var map = StreamMap.<String, Long>create()) {
                assertInstanceOf(End.class, await(map.next()));
                map.put("a", at(10, 30, 50));
                map.put("b", at(20, 40));
                assertThrows(IllegalStateException.class, () -> map.put("a", at(1)));
                assertEquals(new Item<>(new Tuple2<>("a", 10L)), await(map.next()));
                assertEquals(new Item<>(new Tuple2<>("b", 20L)), await(map.next()));
                AsyncStream<Long> a = map.remove("a");
                assertEquals(1, map.size());
                map.put("c", AsyncStream.failed(new IOException("c")));
                try {
                    await(map.next());
                    throw new AssertionError();
                } catch (IOException e) {
                    assertEquals("c", e.getMessage());
                }
                assertEquals(new Item<>(new Tuple2<>("b", 40L)), await(map.next()));
                assertInstanceOf(End.class, await(map.next()));
                assertEquals(List.of(30L, 50L), await(a.toList()));
            }
        }));
    }
}
