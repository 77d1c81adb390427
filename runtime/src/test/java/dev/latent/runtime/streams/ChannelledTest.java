package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Streams over channels: of several who send, and for several who read. */
class ChannelledTest extends Stand {
    @Test
    void aChannelIsAStream() throws Exception {
        var channel = Channel.<Integer>bounded(2);
        var list = AsyncStream.from(channel.receiver()).map(v -> 10 * v).toList();
        assertEquals(
                List.of(10, 20, 30),
                run(join(list, async(() -> {
                            for (int i = 1; i <= 3; i++) {
                                await(channel.send(i));
                            }
                            channel.close();
                        })))
                        .first());
    }

    @Test
    void tasksAndTheBodySend() throws Exception {
        AsyncStream<String> stream = AsyncStream.channel(2, tx -> {
            await(scopeDo(s -> {
                for (String name : List.of("a", "b")) {
                    s.spawn(async(() -> {
                        for (int i = 1; i <= 3; i++) {
                            await(sleep(ms(name.equals("a") ? 10 : 15)));
                            await(tx.send(name + i));
                        }
                    }));
                }
            }));
            await(tx.send("end"));
        });
        run(stream.forEach(v -> log(v)));
        // Of the two at 30, b began to wait first.
        assertEquals(List.of("a1@10", "b1@15", "a2@20", "b2@30", "a3@30", "b3@45", "end@45"), log);
    }

    @Test
    void itEndsWithTheLastSender() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.channel(tx -> {
            var late = tx.newSender();
            spawn(async(() -> {
                        try (late) {
                            await(sleep(ms(20)));
                            await(late.send(2));
                        }
                    }))
                    .detach();
            await(tx.send(1));
        });
        assertEquals(List.of(1, 2), run(stream.toList()));
        assertEquals(20, now());
    }

    @Test
    void aFailureOfTheBodyStandsBehindWhatWasSent() throws Exception {
        AsyncStream<Integer> stream = AsyncStream.channel(8, tx -> {
            await(tx.send(1));
            await(tx.send(2));
            throw new IOException("body");
        });
        run(async(() -> {
            try (stream) {
                assertEquals(new Item<>(1), await(stream.next()));
                assertEquals(new Item<>(2), await(stream.next()));
                try {
                    await(stream.next());
                    throw new AssertionError();
                } catch (IOException e) {
                    assertEquals("body", e.getMessage());
                }
            }
        }));
    }

    @Test
    void droppedItDropsTheBodyAndWhatWasSent() throws Exception {
        var made = new ArrayList<Held>();
        AsyncStream<Held> stream = AsyncStream.channel(4, tx -> {
            try {
                for (int i = 0; ; i++) {
                    var held = new Held(i);
                    made.add(held);
                    boolean sent = false;
                    try {
                        await(tx.send(held));
                        sent = true;
                    } finally {
                        if (!sent) {
                            held.close();
                        }
                    }
                }
            } finally {
                await(sleep(ms(1)));
                log("cleaned");
            }
        });
        run(stream.take(3).forEach(h -> h.close()));
        assertEquals(List.of("cleaned@1"), log);
        for (Held held : made) {
            assertEquals(1, held.closes, held::toString);
        }
    }

    @Test
    void manyReadASharedStream() throws Exception {
        run(async(() -> {
            try (var shared = numbers(5).spaced(ms(10)).share(2, executor)) {
                await(sleep(ms(100)));
                assertEquals(List.of(), log); // nobody reads yet
                var a = shared.subscribe();
                var b = shared.subscribe();
                var both = await(join(a.toList(), b.take(2).toList()));
                assertEquals(List.of(1, 2, 3, 4, 5), both.first());
                assertEquals(List.of(1, 2), both.second());
                assertEquals(List.of(), await(shared.subscribe().toList()));
            }
        }));
        assertEquals(List.of("cleaned@151"), log); // the end, too, is asked for after a pause
    }

    @Test
    void theSlowestReaderHoldsBackTheOthers() throws Exception {
        run(async(() -> {
            try (var shared = numbers(6).share(1, executor)) {
                var fast = shared.subscribe();
                var slow = shared.subscribe();
                await(join(fast.forEach(v -> log("" + v)), slow.forEach(_ -> await(sleep(ms(10))))));
            }
        }));
        // The fifth had room with the slow one when that took the fourth; then the sixth goes to the fast one at once.
        assertEquals("6@30", log.get(log.size() - 2));
    }

    @Test
    void eachReaderGetsTheFailure() throws Exception {
        run(async(() -> {
            try (var shared = AsyncStream.concat(numbers(1), AsyncStream.<Integer>failed(new IOException("theirs")))
                    .share(2, executor)) {
                for (var reader : List.of(shared.subscribe(), shared.subscribe())) {
                    assertEquals(new Item<>(1), await(reader.next()));
                    try {
                        await(reader.next());
                        throw new AssertionError();
                    } catch (IOException e) {
                        assertEquals("theirs", e.getMessage());
                    }
                }
            }
        }));
    }

    @Test
    void closingASharedStreamCleansUpAndTellsTheReaders() throws Exception {
        run(async(() -> {
            var shared = numbers(100).share(1, executor);
            var reader = shared.subscribe();
            assertEquals(new Item<>(1), await(reader.next()));
            await(shared.closeAsync());
            log("closed");
            await(dev.latent.Async.settle(reader.next())); // was on its way
            var failed = await(dev.latent.Async.settle(reader.toList()));
            log("" + failed);
        }));
        assertEquals(List.of("cleaned@1", "closed@1"), log.subList(0, 2));
        assertThrows(CancellationException.class, () -> {
            var shared = numbers(9).share(1, executor);
            run(shared.closeAsync());
            run(shared.subscribe().toList());
        });
        run(Futures.done());
    }
}
