package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.End;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Second;
import dev.latent.stream.AsyncStream;
import dev.latent.stream.Emitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Generators, and the rules of emit. */
class GenerateTest extends Stand {
    @Test
    void theBodyRunsOnlyAsFarAsItIsAsked() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.generate(out -> {
            log.add("begins");
            await(out.emit(1));
            log.add("asked for a second");
            await(out.emit(2));
            log.add("ends");
        });
        run(async(() -> {
            try (stream) {
                var first = stream.next();
                assertEquals(List.of(), log);
                assertEquals(new Item<>(1), await(first));
                await(sleep(ms(5)));
                assertEquals(List.of("begins"), log);
                assertEquals(new Item<>(2), await(stream.next()));
                assertEquals(List.of("begins", "asked for a second"), log);
                assertInstanceOf(End.class, await(stream.next()));
                assertInstanceOf(End.class, await(stream.next()));
                assertEquals(List.of("begins", "asked for a second", "ends"), log);
            }
        }));
    }

    @Test
    void aFailureIsThrownAndThenTheEndIsTold() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.generate(out -> {
            await(out.emit(1));
            throw new IOException("broken");
        });
        run(async(() -> {
            try (stream) {
                await(stream.next());
                try {
                    await(stream.next());
                    throw new AssertionError("no failure");
                } catch (IOException e) {
                    assertEquals("broken", e.getMessage());
                }
                assertInstanceOf(End.class, await(stream.next()));
            }
        }));
    }

    @Test
    void closingRunsTheCleanupAndWaitsForIt() throws Exception {
        run(async(() -> {
            try (var stream = numbers(10)) {
                await(stream.next());
                log("closing");
            }
            log("closed");
        }));
        assertEquals(List.of("closing@0", "cleaned@1", "closed@1"), log);
    }

    @Test
    void aStreamThatNeverRanRunsNothing() throws Exception {
        run(async(() -> {
            try (var stream = numbers(10)) {
                log("" + stream);
            }
        }));
        assertEquals(List.of("generate@0"), log);
    }

    @Test
    void whatAnUnrunBodyHasTakenInIsClosed() throws Exception {
        var held = new Held(1);
        run(AsyncStream.<Integer>generate(out -> {
                    try (held) {
                        await(out.emit(1));
                    }
                })
                .take(0)
                .toList());
        assertEquals(1, held.closes);
    }

    @Test
    void emitInAnotherTaskIsRefused() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.generate(out -> {
            try (var task = spawn(out.emit(1))) {
                await(task);
            }
        });
        refused(stream, "AsyncStream.channel(tx -> …)");
    }

    private void refused(AsyncStream<Integer> stream, String words) {
        String message = assertThrows(IllegalStateException.class, () -> run(stream.toList()))
                .getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void twoEmitsAtOnceAreRefused() {
        refused(AsyncStream.generate(out -> await(join(out.emit(1), out.emit(2)))), "another emit");
    }

    @Test
    void emitAfterTheEndIsRefused() throws Exception {
        var kept = new ArrayList<Emitter<? super Integer>>();
        assertEquals(
                List.of(1),
                run(AsyncStream.<Integer>generate(out -> {
                            kept.add(out);
                            await(out.emit(1));
                        })
                        .toList()));
        String message = assertThrows(
                        IllegalStateException.class, () -> run(kept.getFirst().emit(2)))
                .getMessage();
        assertTrue(message.contains("after the end"), message);
    }

    @Test
    void emitInAScopesChildIsRefusedAndScopesOfTheBodyAreNot() throws Exception {
        refused(AsyncStream.generate(out -> await(scopeDo(s -> await(s.spawn(out.emit(1)))))), "by another task");
        assertEquals(
                List.of(1, 2),
                run(AsyncStream.<Integer>generate(out -> await(scopeDo(s -> {
                            await(out.emit(1));
                            await(out.emit(2));
                        })))
                        .toList()));
    }

    @Test
    void anEmitThatLosesBeforeItsValueWasTakenHasNotGivenIt() throws Exception {
        assertEquals(
                List.of(2),
                run(AsyncStream.<Integer>generate(out -> {
                            assertInstanceOf(
                                    Second.class,
                                    await(dev.latent.Async.selectBiased(out.emit(1), Futures.ready("now"))));
                            await(out.emit(2));
                        })
                        .toList()));
    }

    @Test
    @SuppressWarnings("latent:used-half-done") // that is what is tried here
    void anEmitThatLosesLaterHasGivenIt() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.generate(out -> {
            switch (await(select(sleep(ms(5)), out.emit(1)))) {
                case First(var _) -> log("late");
                case Second(var _) -> log("asked");
            }
            await(out.emit(2));
        });
        run(async(() -> {
            try (stream) {
                assertEquals(new Item<>(1), await(stream.next()));
                await(sleep(ms(10)));
                var timed = stream.next(); // both are ready: either may win, and the value was given once
                assertEquals(new Item<>(2), await(timed));
            }
        }));
        assertEquals(1, log.size());
    }

    @Test
    void emitMayBePolledByALargeJoin() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.generate(out -> {
            Future<Void> emits = async(() -> {
                for (int i = 0; i < 100; i++) {
                    await(out.emit(i));
                }
            });
            Future<Void> ticks = async(() -> {
                for (int i = 0; i < 100; i++) {
                    await(yieldNow());
                }
            });
            await(join(List.of(emits, ticks)));
        });
        assertEquals(100, run(stream.toList()).size());
    }

    @Test
    void aNestedEmitIsPolledByTheOuterStream() throws Exception {
        AsyncStream<Integer> outer = AsyncStream.generate(out -> {
            await(numbers(3).forEach(v -> await(out.emit(10 * v))));
            await(out.emit(99));
        });
        assertEquals(List.of(10, 20, 30, 99), run(outer.toList()));
        assertEquals(List.of("cleaned@1"), log);
    }

    @Test
    void emitInACleanupIsRefusedOnceTheStreamIsClosing() throws Exception {
        run(AsyncStream.<Integer>generate(out -> {
                    try {
                        await(out.emit(1));
                        await(out.emit(2));
                    } finally {
                        await(out.emit(3));
                    }
                })
                .take(1)
                .toList());
        assertEquals(1, reported.size());
        assertTrue(reported.removeFirst().getMessage().contains("nobody asks"));
    }

    @Test
    void aGeneratorThatAsksItselfIsRefused() {
        var self = new ArrayList<AsyncStream<Integer>>();
        self.add(AsyncStream.generate(out -> {
            await(out.emit(1));
            await(self.getFirst().next());
        }));
        var whole = self.getFirst().map(v -> v);
        String message = assertThrows(IllegalStateException.class, () -> run(whole.toList()))
                .getMessage();
        assertTrue(message.contains("belongs to map of generate"), message);
    }

    @Test
    void recursionIsNoDeeperThanItsStreams() throws Exception {
        assertEquals(List.of(3, 2, 1, 0), run(countdown(3).toList()));
    }

    private AsyncStream<Integer> countdown(int n) {
        return AsyncStream.generate(out -> {
            await(out.emit(n));
            if (n > 0) {
                await(countdown(n - 1).forEach(v -> await(out.emit(v))));
            }
        });
    }
}
