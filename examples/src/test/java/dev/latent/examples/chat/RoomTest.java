package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.withTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Timed;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A room's rules, with people on sockets. */
class RoomTest {
    private final Room room = new Room(name("lobby"), Duration.ofSeconds(5));

    private final Channel<WebSocket> arrived = Channel.unbounded();
    private final Receiver<WebSocket> arrivals = arrived.receiver();

    private static Name name(String text) {
        return Objects.requireNonNull(Name.of(text));
    }

    private static Line line(int n) {
        return Protocol.said(name("Eve"), "line " + n, n);
    }

    /** Somebody on a connection: the room's end of it, and their own. */
    private record Person(WebSocket here, WebSocket there) {}

    private void run(AsyncConsumer<URI> body) throws Exception {
        Latent.blockOn(timeout(Duration.ofSeconds(20), async(() -> {
            try (var server = await(WebServer.at("127.0.0.1", 0)
                            .webSocket(
                                    "/",
                                    socket -> async(() -> {
                                        await(arrived.send(socket));
                                        while (true) {
                                            await(socket.receive());
                                        }
                                    }))
                            .bind());
                    var _ = spawn(server.serve())) {
                var uri = URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/");
                await(async(() -> body.accept(uri)));
            }
        })));
    }

    private Future<Person> person(URI uri) {
        return async(() -> {
            WebSocket there = await(WebSocket.connect(uri));
            return new Person(((Item<WebSocket>) await(arrivals.next())).value(), there);
        });
    }

    private static Future<Void> hears(Person person, int n) {
        return async(() -> {
            Message.Text heard = (Message.Text) await(person.there().receive());
            assertTrue(heard.text().contains("\"say\":\"line " + n + "\""), heard.text());
        });
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member ada = room.enter(name("Ada"), person.here());
            assertNull(room.enter(name("Ada"), person.here()));
            assertTrue(room.leave(ada));
            assertEquals(name("Ada"), room.enter(name("Ada"), person.here()).nick());
            assertEquals(1, room.size());
        });
    }

    @Test
    void whoComesIsToldWhatWasSaidLastAndNothingOfItAgain() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            Person bob = await(person(uri));
            room.enter(name("Ada"), ada.here()).ear.resume();
            for (int i = 0; i < Room.HISTORY + 3; i++) {
                await(room.say(line(i)));
                await(hears(ada, i));
            }
            Member late = room.enter(name("Bob"), bob.here());
            assertEquals(Room.HISTORY, late.history.size());
            assertEquals("line 3", late.history.getFirst().text());
            assertEquals("line " + (Room.HISTORY + 2), late.history.getLast().text());
            await(room.say(line(100)));
            late.ear.resume();
            await(room.say(line(101)));
            await(hears(bob, 100));
            await(hears(bob, 101));
        });
    }

    @Test
    void aLineThatWasNotSaidIsNotRemembered() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            Person bob = await(person(uri));
            Member slow = room.enter(name("Ada"), ada.here());
            for (int i = 0; i < Room.LINES; i++) {
                await(room.say(line(i)));
            }
            assertInstanceOf(Timed.TooLate.class, await(withTimeout(Duration.ofMillis(50), room.say(line(1000)))));
            assertFalse(slow.ear.hasLeft());
            Member late = room.enter(name("Bob"), bob.here());
            assertEquals("line " + (Room.LINES - 1), late.history.getLast().text());
            room.leave(slow);
            late.ear.resume();
            await(room.say(line(Room.LINES)));
            await(hears(bob, Room.LINES));
        });
    }

    @Test
    void whatIsSaidToNobodyIsForgotten() throws Exception {
        run(uri -> {
            await(room.say(line(1)));
            Person ada = await(person(uri));
            Member member = room.enter(name("Ada"), ada.here());
            assertEquals(List.of(), member.history);
        });
    }

    @Test
    void aHistoryOfLongLinesIsShort() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            room.enter(name("Ada"), ada.here());
            for (int i = 0; i < 10; i++) {
                await(room.say(Protocol.said(name("Eve"), "x".repeat(Protocol.MAX_TEXT), i)));
            }
            Person bob = await(person(uri));
            assertEquals(
                    Room.HISTORY_CHARS / Protocol.MAX_TEXT,
                    room.enter(name("Bob"), bob.here()).history.size());
        });
    }

    @Test
    void aNewNameIsFreeOrOnesOwn() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member ada = room.enter(name("Ada"), person.here());
            assertNotNull(room.enter(name("Bob"), person.here()));
            assertFalse(room.rename(ada, name("BOB")));
            assertTrue(room.rename(ada, name("ADA")));
            assertEquals("ADA", ada.nick().shown());
            assertTrue(room.rename(ada, name("Eve")));
            assertEquals(List.of(name("Bob"), name("Eve")), room.nicks(10));
            assertNotNull(room.enter(name("Ada"), person.here()));
            room.leave(ada);
            assertFalse(room.rename(ada, name("Zoe")));
        });
    }
}
