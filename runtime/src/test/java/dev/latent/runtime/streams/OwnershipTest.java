package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.End;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Gatherers;
import org.junit.jupiter.api.Test;

/** Who owns a stream, what a drop does, and that nothing is lost. */
class OwnershipTest extends Stand {
    @Test
    @SuppressWarnings("latent:unused-stream") // the operator is refused
    void aStreamIsTakenOnce() throws Exception {
        AsyncStream<Integer> stream = numbers(3);
        AsyncStream<Integer> mapped = stream.map(v -> v + 1);
        refused("belongs to map of generate", () -> stream.filter(v -> true));
        refused("belongs to map of generate", () -> run(stream.toList()));
        refused("belongs to map of generate", () -> run(stream.next()));
        run(stream.closeAsync());
        stream.close();
        assertEquals(List.of(2, 3, 4), run(mapped.toList()));
        refused("belongs to", () -> run(mapped.next()));
    }

    @Test
    void whatCouldNotTakeAllTakesNone() throws Exception {
        AsyncStream<Integer> a = AsyncStream.of(1);
        AsyncStream<Integer> b = AsyncStream.of(2);
        assertThrows(IllegalStateException.class, () -> a.mergeWith(a));
        assertThrows(IllegalStateException.class, () -> AsyncStream.concat(a, b, a));
        assertThrows(IllegalStateException.class, () -> a.zip(a));
        assertThrows(IllegalArgumentException.class, () -> a.spaced(ms(0)));
        assertThrows(IllegalArgumentException.class, () -> a.chunks(1, ms(-1)));
        var ended = after(1, 1);
        run(ended);
        assertThrows(IllegalStateException.class, () -> a.takeUntil(ended));
        assertEquals(List.of(1, 2), run(AsyncStream.concat(a, b).toList()));
    }

    @Test
    void aFailureThatStandsBehindAnotherIsReported() {
        AsyncStream<Integer> stream = AsyncStream.of(1, 2).mapConcurrent(2, v -> {
            await(sleep(ms(v == 1 ? 5 : 1)));
            throw new IOException("" + v);
        });
        assertEquals(
                "1", assertThrows(IOException.class, () -> run(stream.toList())).getMessage());
        assertEquals("2", reported.removeFirst().getMessage());
    }

    private static void refused(String words, org.junit.jupiter.api.function.Executable what) {
        String message = assertThrows(IllegalStateException.class, what).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    @SuppressWarnings("latent:unused-stream") // the operator is refused
    void oneAsksAtATime() throws Exception {
        AsyncStream<Long> stream = at(5, 10);
        String message = assertThrows(IllegalStateException.class, () -> run(join(stream.next(), stream.next())))
                .getMessage();
        assertTrue(message.contains("next() of generate was asked for by"), message);
        assertTrue(message.contains("has asked already and waits"), message);
        refused("its next() is waited for", () -> {
            var next = stream.next();
            run(async(() -> {
                switch (await(dev.latent.Async.selectBiased(dev.latent.Async.pin(next), Futures.done()))) {
                    default -> stream.map(v -> v);
                }
            }));
        });
        run(stream.closeAsync());
    }

    @Test
    void aNextMadeBeforeTheStreamWasTakenIsRefused() throws Exception {
        AsyncStream<Integer> stream = numbers(3);
        var next = stream.next();
        var list = stream.toList();
        assertThrows(IllegalStateException.class, () -> run(next));
        assertEquals(List.of(1, 2, 3), run(list));
    }

    /** The timeout drops next() again and again; each value comes once, and half a chunk is kept. */
    @Test
    void losingLosesNothing() throws Exception {
        List<Function<AsyncStream<Long>, AsyncStream<?>>> operators = List.of(
                s -> s,
                s -> s.chunks(3),
                s -> s.chunks(3, ms(15)),
                s -> s.mapAsync(v -> {
                    await(sleep(ms(7)));
                    return v;
                }),
                s -> s.filterAsync(v -> {
                    await(sleep(ms(7)));
                    return v % 3 != 0;
                }),
                s -> s.mapConcurrent(3, v -> {
                    await(sleep(ms(v % 13)));
                    return v;
                }),
                s -> s.flatMap(v -> AsyncStream.from(after(v % 11, v.intValue()))),
                s -> s.buffer(4),
                s -> s.zip(at(3, 4, 5, 90, 91, 92, 93)),
                s -> s.mergeWith(at(11, 12, 13)),
                s -> s.gather(Gatherers.windowSliding(2)),
                s -> s.peekable(),
                s -> s.spaced(ms(9)));
        for (int i = 0; i < operators.size(); i++) {
            List<?> whole = run(operators.get(i).apply(slow()).toList());
            for (long patience : new long[] {1, 2, 3, 5, 8, 13}) {
                var stream = operators.get(i).apply(slow());
                List<?> read = run(async(() -> {
                    var all = new ArrayList<Object>();
                    try (stream) {
                        while (true) {
                            if (await(dev.latent.Async.withTimeout(ms(patience), stream.next()))
                                    instanceof dev.latent.Timed.InTime<?>(var next)) {
                                if (!(next instanceof Item<?>(var value))) {
                                    return all;
                                }
                                all.add(value);
                            }
                        }
                    }
                }));
                if (i != 2 && i != 9) { // where time decides what is in a chunk, and what comes first
                    assertEquals(whole, read, "operator " + i + ", patience " + patience);
                } else {
                    assertEquals(flat(whole), flat(read), "operator " + i + ", patience " + patience);
                }
            }
        }
    }

    private static List<?> flat(List<?> all) {
        return all.stream()
                .flatMap(v -> v instanceof List<?> list ? list.stream() : java.util.stream.Stream.of(v))
                .sorted()
                .toList();
    }

    private AsyncStream<Long> slow() {
        return AsyncStream.generate(out -> {
            for (long i = 1; i <= 20; i++) {
                await(sleep(ms(i % 4)));
                await(out.emit(i));
            }
        });
    }

    @Test
    void aValueThatNobodyReceivedComesFirstTheNextTime() throws Exception {
        run(async(() -> {
            try (var stream = numbers(5)) {
                try {
                    await(join(stream.next(), stream.next(), Futures.failed(new IOException())));
                } catch (IOException e) {
                    log.add("failed");
                }
                try {
                    await(join(stream.next(), Futures.failed(new IOException())));
                } catch (IOException e) {
                    log.add("failed again");
                }
                assertEquals(new Item<>(1), await(stream.next()));
                assertEquals(List.of(2, 3, 4, 5), await(stream.toList()));
            }
        }));
    }

    @Test
    void aStreamReadInPartMayBeTakenOver() throws Exception {
        run(async(() -> {
            var stream = numbers(4);
            assertEquals(new Item<>(1), await(stream.next()));
            assertEquals(List.of(20, 30, 40), await(stream.map(v -> 10 * v).toList()));
            var ended = numbers(1);
            await(ended.next());
            assertInstanceOf(End.class, await(ended.next()));
            assertEquals(List.of(), await(ended.map(v -> v).toList()));
        }));
    }

    @Test
    void forEachIsDroppedFromTheBodyUpToTheSource() throws Exception {
        var task = executor.spawn(numbers(9)
                .mapConcurrent(2, v -> {
                    try {
                        await(sleep(ms(v == 1 ? 1 : 1000)));
                        return v;
                    } finally {
                        await(sleep(ms(5)));
                        log("mapper of " + v);
                    }
                })
                .forEach(v -> {
                    try {
                        await(sleep(ms(1000)));
                    } finally {
                        await(sleep(ms(5)));
                        log("body of " + v);
                    }
                }));
        run(sleep(ms(10)));
        run(task.cancel());
        assertEquals(List.of("mapper of 1@6", "body of 1@15", "mapper of 2@20", "mapper of 3@20", "cleaned@21"), log);
    }

    @Test
    void aDropWithoutAContextLeavesTheCleanupToTheExecutor() throws Exception {
        var stream = numbers(9);
        run(stream.next());
        stream.close();
        assertInstanceOf(End.class, run(stream.next()));
        run(sleep(ms(2)));
        assertEquals(List.of("cleaned@1"), log);
    }

    /** Wherever it is dropped, each value that was made is closed by somebody, once. */
    @Test
    void droppedAtEveryAwaitNothingIsLost() throws Exception {
        List<Function<AsyncStream<Held>, AsyncStream<Held>>> operators = List.of(
                s -> s,
                s -> s.buffer(3),
                s -> s.mapConcurrent(3, h -> await(handOn(h))),
                s -> s.mapConcurrentUnordered(3, h -> await(handOn(h))),
                s -> s.filterAsync(h -> {
                    await(yieldNow());
                    return true;
                }),
                s -> s.chunks(2).flatMap(AsyncStream::from),
                s -> s.zip(numbers(100).mapAsync(v -> {
                            await(yieldNow());
                            await(yieldNow());
                            return v;
                        }))
                        .map(both -> both.first()),
                s -> s.mergeWith(AsyncStream.empty()),
                s -> s.debounce(Duration.ofNanos(1)),
                s -> s.sample(Duration.ofNanos(1)),
                s -> s.peekable(),
                s -> s.timeoutEach(ms(5)),
                s -> s.skipUntil(after(1, 1)));
        int dropped = 0;
        for (int i = 0; i < operators.size(); i++) {
            boolean ended = false;
            for (int polls = 0; !ended; polls++) {
                assertTrue(polls < 1000, "operator " + i);
                var made = new ArrayList<Held>();
                AsyncStream<Held> source = AsyncStream.<Integer>generate(out -> {
                            for (int n = 0; n < 7; n++) {
                                if (n % 2 == 0) {
                                    await(yieldNow());
                                }
                                await(out.emit(n));
                            }
                        })
                        .map(n -> {
                            made.add(new Held(n));
                            return made.getLast();
                        });
                var whole = operators.get(i).apply(source).forEach(h -> {
                    try (h) {
                        await(yieldNow());
                    }
                });
                ended = run(new DroppedAfter(whole, polls));
                dropped += ended ? 0 : 1;
                for (Held held : made) {
                    boolean letGoByChunk = i == 5 && held.closes == 0;
                    assertTrue(
                            held.closes == 1 || letGoByChunk && !ended,
                            held + " of operator " + i + ", dropped after " + polls + ": " + held.closes);
                }
            }
        }
        assertTrue(dropped > 100, "" + dropped);
        log.clear();
    }

    private static Future<Held> handOn(Held h) {
        return async(() -> {
            boolean given = false;
            try {
                await(yieldNow());
                given = true;
                return h;
            } finally {
                if (!given) {
                    h.close();
                }
            }
        });
    }

    @Test
    void theListThatNobodyReceivesLetsItsValuesGo() throws Exception {
        var made = List.of(new Held(1), new Held(2));
        assertThrows(
                IOException.class, () -> run(join(AsyncStream.from(made).toList(), Futures.failed(new IOException()))));
        assertEquals(List.of(1, 1), made.stream().map(h -> h.closes).toList());
    }

    /** A source with and without a now-path, counted. */
    private final class Counting implements Source<Integer>, AsyncCloseable {
        final boolean hasNow;
        int given;
        int futures;
        int nows;

        Counting(boolean hasNow) {
            this.hasNow = hasNow;
        }

        @Override
        public Future<Next<Integer>> next() {
            futures++;
            return async(() -> {
                await(sleep(ms(1)));
                return given == 3 ? Next.end() : new Item<>(++given);
            });
        }

        @Override
        public Object nextNow(Context cx) {
            nows++;
            return hasNow && given < 2 ? new Item<>(++given) : Poll.pending();
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                await(sleep(ms(1)));
                log("source closed");
            });
        }

        @Override
        public void close() {
            log("close without waiting");
        }
    }

    @Test
    void aSourceIsAskedWithoutAFutureWhereThatGivesSomething() throws Exception {
        var source = new Counting(true);
        assertEquals(List.of(1, 2, 3), run(AsyncStream.from(source).map(v -> v).toList()));
        assertEquals(2, source.futures);
        assertEquals(4, source.nows);
        assertEquals(List.of("source closed@3"), log);
    }

    @Test
    void whatItOwnsIsClosedByADropToo() throws Exception {
        var stream = AsyncStream.from(new Counting(false));
        var task = executor.spawn(stream.forEach(v -> await(sleep(ms(100)))));
        run(sleep(ms(10)));
        run(task.cancel());
        assertEquals(List.of("source closed@11"), log);
        AsyncStream.from(new Counting(false)).close();
        assertEquals("close without waiting@11", log.getLast());
    }

    @Test
    void theNowPathHasNoEffectWhereItIsPending() throws Exception {
        var source = new Counting(true);
        var stream = AsyncStream.from(source).filter(v -> v != 2).map(v -> 10 * v);
        run(Futures.pollFn(cx -> {
            assertEquals(new Item<>(10), stream.nextNow(cx));
            assertEquals(Poll.pending(), stream.nextNow(cx));
            assertEquals(Poll.pending(), stream.nextNow(cx));
            return Poll.done();
        }));
        assertEquals(0, source.futures);
        assertEquals(new Item<>(30), run(stream.next()));
        assertInstanceOf(End.class, run(stream.next()));
        run(Futures.pollFn(cx -> {
            assertInstanceOf(End.class, stream.nextNow(cx));
            return Poll.done();
        }));
    }

    @Test
    void aFailureOnTheNowPathIsThrownByNext() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.of(1).map(v -> {
            throw new IOException("now");
        });
        run(Futures.pollFn(cx -> {
            assertEquals(Poll.pending(), stream.nextNow(cx));
            return Poll.done();
        }));
        assertEquals(
                "now", assertThrows(IOException.class, () -> run(stream.next())).getMessage());
    }

    @Test
    void closedFromWithinItEndsThere() throws Exception {
        var self = new ArrayList<AsyncStream<Integer>>();
        self.add(numbers(9).map(v -> {
            if (v == 3) {
                self.getFirst().close();
            }
            return v;
        }));
        run(async(() -> {
            try (var stream = self.getFirst()) {
                assertEquals(new Item<>(1), await(stream.next()));
                assertEquals(new Item<>(2), await(stream.next()));
                assertInstanceOf(End.class, await(stream.next()));
            }
        }));
        assertEquals(List.of("cleaned@1"), log);
    }

    @Test
    void selectOverTwoStreamsLosesNothing() throws Exception {
        assertEquals(2 * 210, run(async(() -> {
            int sum = 0;
            int ends = 0;
            try (var a = slow();
                    var b = slow()) {
                while (ends < 2) {
                    var next =
                            switch (await(select(a.next(), b.next()))) {
                                case dev.latent.First(var n) -> n;
                                case dev.latent.Second(var n) -> n;
                            };
                    if (next instanceof Item<Long>(var v)) {
                        sum += v.intValue();
                    } else {
                        break;
                    }
                }
                for (var rest : List.of(await(a.toList()), await(b.toList()))) {
                    for (var v : rest) {
                        sum += v.intValue();
                    }
                }
            }
            return sum;
        })));
    }
}
