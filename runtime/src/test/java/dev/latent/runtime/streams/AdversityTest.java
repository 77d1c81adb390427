package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Outcome;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Gatherer;
import org.junit.jupiter.api.Test;

/** Code of others that fails, and values that have to be closed when things go wrong. */
class AdversityTest extends Stand {
    private static AsyncStream<Held> failing(List<Held> values) {
        return AsyncStream.concat(AsyncStream.from(values), AsyncStream.<Held>failed(new IOException("source")));
    }

    @Test
    void whatWasCollectedBeforeAFailureIsLetGo() {
        var listed = List.of(new Held(1), new Held(2));
        assertThrows(IOException.class, () -> run(failing(listed).toList()));
        assertEquals(List.of(1, 1), listed.stream().map(h -> h.closes).toList());

        var reduced = List.of(new Held(1));
        assertThrows(IOException.class, () -> run(failing(reduced).reduce((a, _) -> a)));
        assertEquals(1, reduced.getFirst().closes);
    }

    @Test
    void aReductionThatIsDroppedLetsGoOfWhatItHas() throws Exception {
        var held = new Held(1);
        run(settle(timeout(
                ms(1),
                AsyncStream.concat(AsyncStream.of(held), AsyncStream.from(Futures.<Held>pending()))
                        .reduce((a, _) -> a))));
        assertEquals(1, held.closes);

        var given = List.of(new Held(1), new Held(2));
        assertThrows(
                IllegalStateException.class,
                () -> run(AsyncStream.from(given).reduce((a, b) -> {
                    throw new IllegalStateException("function");
                })));
        assertEquals(List.of(0, 0), given.stream().map(h -> h.closes).toList(), "they are the function's");
    }

    @Test
    void skippedAndRepeatedValuesAreLetGo() throws Exception {
        var held = new Held(1);
        var last = new Held(2);
        assertEquals(List.of(last), run(AsyncStream.of(held, last).skip(1).toList()));
        assertEquals(1, held.closes);
        record Named(String name, Held held) implements dev.latent.Releasable {
            @Override
            public boolean equals(Object other) {
                return other instanceof Named named && named.name.equals(name);
            }

            @Override
            public int hashCode() {
                return name.hashCode();
            }

            @Override
            public void close() {
                held.close();
            }
        }
        var first = new Named("a", new Held(1));
        var again = new Named("a", new Held(2));
        assertEquals(
                1,
                run(AsyncStream.of(first, again, first).distinctUntilChanged().toList())
                        .size());
        assertEquals(0, first.held.closes, "the same one again is not another");
        assertEquals(1, again.held.closes);
    }

    @Test
    void aValueThatCameAsTheStreamClosedItselfIsLetGo() throws Exception {
        var held = new Held(1);
        var self = new ArrayList<AsyncStream<Held>>();
        var stream = AsyncStream.of(held).map(v -> {
            self.getFirst().close();
            return v;
        });
        self.add(stream);
        run(Futures.pollFn(cx -> {
            assertEquals(Poll.pending(), stream.nextNow(cx));
            return Poll.done();
        }));
        run(stream.closeAsync());
        assertEquals(1, held.closes);
    }

    @Test
    void aFailureThatNobodyHasComeToIsReported() throws Exception {
        assertEquals(
                List.of(1),
                run(AsyncStream.<Integer>channel(8, tx -> {
                            await(tx.send(1));
                            await(tx.send(2));
                            throw new IOException("body");
                        })
                        .take(1)
                        .toList()));
        assertEquals("body", reported.removeFirst().getMessage());

        Flow.Publisher<Integer> failing = to -> to.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                to.onNext(1);
                to.onNext(2);
                to.onError(new IOException("publisher"));
            }

            @Override
            public void cancel() {}
        });
        assertEquals(List.of(1), run(AsyncStream.from(failing).take(1).toList()));
        assertEquals("publisher", reported.removeFirst().getMessage());
        assertThrows(IOException.class, () -> run(AsyncStream.from(failing).toList()));
    }

    @Test
    void aSubscriptionThatFailsToCancelKeepsNobodyFromHisCleanup() throws Exception {
        var held = new Held(2);
        Flow.Publisher<Held> bad = to -> to.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                to.onNext(new Held(1));
                to.onNext(held);
            }

            @Override
            public void cancel() {
                throw new IllegalStateException("cancel");
            }
        });
        assertEquals(1, run(AsyncStream.from(bad).take(1).toList()).size());
        assertEquals(1, held.closes);
        assertEquals("cancel", reported.removeFirst().getMessage());
    }

    @Test
    void aSubscriberThatThrowsAtOnceIsCancelled() throws Exception {
        numbers(3).toPublisher(executor).subscribe(new Flow.Subscriber<Integer>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
                throw new IllegalStateException("onSubscribe");
            }

            @Override
            public void onNext(Integer item) {
                log("told");
            }

            @Override
            public void onError(Throwable failure) {
                log("told");
            }

            @Override
            public void onComplete() {
                log("told");
            }
        });
        run(sleep(ms(5)));
        assertEquals(List.of(), log);
        assertEquals("onSubscribe", reported.removeFirst().getMessage());
    }

    @Test
    void whatAGathererPushedStandsBeforeItsFailure() throws Exception {
        var gatherer = Gatherer.<Integer, Integer>ofSequential((_, v, down) -> {
            down.push(v);
            if (v == 2) {
                throw new IllegalStateException("gatherer");
            }
            return true;
        });
        assertThrows(
                IllegalStateException.class,
                () -> run(AsyncStream.of(1, 2, 3).gather(gatherer).forEach(v -> log("" + v))));
        assertEquals(List.of("1@0", "2@0"), log);
        assertEquals(
                List.of(1), run(AsyncStream.of(1, 2).gather(gatherer).take(1).toList()));
        assertEquals(1, run(AsyncStream.of(2).gather(gatherer).take(1).toList()).size());
        assertEquals("gatherer", reported.removeFirst().getMessage());
    }

    @Test
    void anErrorOfItsOwnKindReachesTheReaders() throws Exception {
        class Own extends Throwable {
            private static final long serialVersionUID = 1;
        }
        run(async(() -> {
            try (var shared = AsyncStream.<Integer>failed(new Own()).share(1, executor)) {
                var outcome = await(settle(shared.subscribe().toList()));
                assertInstanceOf(Outcome.Failed.class, outcome);
            }
        }));
    }

    @Test
    void aSharedValueIsLetGoOnlyIfItHasReachedNobody() throws Exception {
        var both = new Held(1);
        var none = new Held(2);
        run(async(() -> {
            var shared = AsyncStream.concat(AsyncStream.of(both, none), AsyncStream.from(Futures.<Held>pending()))
                    .share(1, executor);
            var reader = shared.subscribe();
            var other = shared.subscribe();
            assertEquals(new Item<>(both), await(reader.next()));
            await(other.closeAsync());
            await(sleep(ms(1)));
            assertEquals(0, both.closes);
            await(reader.closeAsync());
            await(shared.closeAsync());
        }));
        assertEquals(0, both.closes);
        assertEquals(1, none.closes);
    }

    @Test
    void aReaderThatIsFullLetsGoOfWhatCouldNotBeSent() throws Exception {
        var values = List.of(new Held(1), new Held(2), new Held(3));
        run(async(() -> {
            var shared = AsyncStream.from(values).share(1, executor);
            var reader = shared.subscribe();
            await(sleep(ms(1)));
            await(shared.closeAsync());
            await(reader.closeAsync());
        }));
        assertEquals(List.of(1, 1, 0), values.stream().map(h -> h.closes).toList());
    }

    private AsyncStream<Integer> again(int times) {
        return AsyncStream.<Integer>generate(out -> {
                    await(sleep(ms(1)));
                    await(out.emit(times));
                    deepest = Math.max(deepest, Thread.currentThread().getStackTrace().length);
                    throw new IOException("once more");
                })
                .onError(_ -> times == 0 ? AsyncStream.empty() : again(times - 1));
    }

    private int deepest;

    @Test
    void aStreamThatReplacesItselfDoesNotGrow() throws Exception {
        assertEquals(3, run(again(2).toList()).size());
        int few = deepest;
        assertEquals(5001, run(again(5000).toList()).size());
        assertTrue(deepest < few + 50, deepest + " frames deep, and " + few + " before");
        run(async(() -> {
            try (var stream = again(20)) {
                for (int i = 0; i < 5; i++) {
                    await(stream.next());
                }
            }
        }));
    }

    @Test
    void theWordsOfALongPipelineAreFew() {
        AsyncStream<Integer> stream = AsyncStream.of(1);
        for (int i = 0; i < 50_000; i++) {
            stream = stream.map(v -> v);
        }
        assertTrue(stream.toString().endsWith("map of more"), stream::toString);
        assertTrue(stream.toString().length() < 200, stream::toString);
        var taken = AsyncStream.of(1);
        var owner = taken.map(v -> v);
        String message = assertThrows(IllegalStateException.class, () -> run(taken.toList()))
                .getMessage();
        assertTrue(message.startsWith("of 1 is taken by toList, but it belongs to map of of 1"), message);
        message = assertThrows(IllegalStateException.class, () -> taken.filter(_ -> true))
                .getMessage();
        assertTrue(message.startsWith("of 1 is taken by filter, but it belongs to map of of 1"), message);
        owner.close();
    }

    @Test
    void aMapThatCannotKeepAStreamDoesNotTakeIt() throws Exception {
        class Key {
            int asked;

            @Override
            public int hashCode() {
                if (asked++ == 0) {
                    throw new IllegalStateException("hash");
                }
                return 1;
            }

            @Override
            public boolean equals(Object other) {
                return this == other;
            }
        }
        var stream = AsyncStream.of(1);
        var map = dev.latent.stream.StreamMap.<Key, Integer>create();
        assertThrows(IllegalStateException.class, () -> map.put(new Key(), stream));
        assertEquals(List.of(1), run(stream.toList()));
    }

    @Test
    void nullWhereAStreamIsWantedIsNamed() {
        String message = assertThrows(
                        NullPointerException.class,
                        () -> run(AsyncStream.of(1).<Integer>flatMap(_ -> null).toList()))
                .getMessage();
        assertTrue(message.contains("flatMap") && message.contains("AsyncStream.empty()"), message);
        assertThrows(NullPointerException.class, () -> AsyncStream.of(1).map(null));
        assertThrows(NullPointerException.class, () -> AsyncStream.of(1).forEach(null));
        assertThrows(NullPointerException.class, () -> AsyncStream.from((Source<Integer>) null));
    }

    @Test
    void aSourceNeedNotHaveWords() throws Exception {
        assertEquals(
                List.of(),
                run(AsyncStream.from(new Source<Integer>() {
                            @Override
                            public Future<Next<Integer>> next() {
                                return Futures.ready(Next.end());
                            }

                            @Override
                            public void close() {}

                            @Override
                            public String toString() {
                                throw new IllegalStateException("words");
                            }
                        })
                        .toList()));
    }
}
