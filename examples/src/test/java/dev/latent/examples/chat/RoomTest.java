package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.withTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Outcome;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A room's rules, with people on sockets. */
class RoomTest {
    private final Node node = new Node("here", new MemoryBus(), History.none(), Duration.ofSeconds(5));
    private final Room room = new Room(name("lobby"), node, 0, Duration.ofSeconds(5));
    private long number;

    private final Channel<WebSocket> arrived = Channel.unbounded();
    private final Receiver<WebSocket> arrivals = arrived.receiver();

    private static Name name(String text) {
        return Objects.requireNonNull(Name.of(text));
    }

    private static Event line(int n) {
        return line("line " + n);
    }

    private static Event line(String text) {
        return new Event.Says(name("lobby"), name("Eve"), text, 0, null, 0);
    }

    /** What happens next, to its end. */
    private Future<Void> happens(Event event) {
        return async(() -> {
            if (room.hear(new Bus.Entry(++number, event))) {
                await(room.run());
            }
        });
    }

    /** Somebody comes in, who has entered or not. */
    private Future<Optional<Arrival.Entered>> enter(String nick, WebSocket socket) {
        return enter(nick, socket, null);
    }

    private Future<Void> leaves(Member member) {
        return happens(new Event.Leaves(name("lobby"), member.nick(), member.session));
    }

    private Future<Boolean> renames(Member member, String nick) {
        return async(() -> {
            member.renaming = new CompletableFuture<>();
            await(happens(new Event.Renames(name("lobby"), member.nick(), name(nick), member.session)));
            return member.renaming.getNow(false);
        });
    }

    private static List<String> texts(Arrival.Entered entered) {
        return entered.recent().stream().map(Said::text).toList();
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

    /** Without those of joining. */
    private static Future<Void> hears(Person person, String part) {
        return async(() -> {
            while (true) {
                String text = ((Message.Text) await(person.there().receive())).text();
                if (!text.contains("joined")) {
                    assertTrue(text.contains(part), text);
                    return;
                }
            }
        });
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member ada = await(enter("Ada", person.here())).orElseThrow().member();
            assertTrue(await(enter("Ada", person.here())).isEmpty());
            await(leaves(ada));
            assertEquals(0, room.size());
            assertEquals(
                    name("Ada"),
                    await(enter("Ada", person.here())).orElseThrow().member().nick());
            assertEquals(1, room.size());
        });
    }

    @Test
    void whoComesIsToldWhatWasSaidLastAndNothingOfItAgain() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            Person bob = await(person(uri));
            resume(await(enter("Ada", ada.here())).orElseThrow());
            for (int i = 0; i < Room.HISTORY + 3; i++) {
                await(happens(line(i)));
                await(hears(ada, "\"line " + i + "\""));
            }
            Arrival.Entered late = await(enter("Bob", bob.here())).orElseThrow();
            assertEquals(Room.HISTORY, late.recent().size());
            assertEquals("line 3", texts(late).getFirst());
            assertEquals("line " + (Room.HISTORY + 2), texts(late).getLast());
            assertEquals(late.recent().getFirst().number() - 1, late.floor());
            await(happens(line(100)));
            resume(late);
            await(happens(line(101)));
            await(hears(bob, "\"line 100\""));
            await(hears(bob, "\"line 101\""));
        });
    }

    private static void resume(Arrival.Entered entered) {
        Objects.requireNonNull(entered.member().ear).resume();
    }

    @Test
    void aLineThatWaitsForTheSlowestIsNotRememberedYet() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            Person bob = await(person(uri));
            Member slow = await(enter("Ada", ada.here())).orElseThrow().member();
            for (int i = 1; i < Room.LINES; i++) {
                await(happens(line(i)));
            }
            assertInstanceOf(Timed.TooLate.class, await(withTimeout(Duration.ofMillis(50), happens(line(1000)))));
            assertFalse(Objects.requireNonNull(slow.ear).hasLeft());
            assertFalse(room.isQuiet());
        });
    }

    @Test
    void whatIsSaidToNobodyIsForgotten() throws Exception {
        run(uri -> {
            await(happens(line(1)));
            Person ada = await(person(uri));
            assertEquals(
                    List.of(), await(enter("Ada", ada.here())).orElseThrow().recent());
        });
    }

    @Test
    void aHistoryOfLongLinesIsShort() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            resume(await(enter("Ada", ada.here())).orElseThrow());
            for (int i = 0; i < 10; i++) {
                await(happens(line("x".repeat(Protocol.MAX_TEXT))));
            }
            Person bob = await(person(uri));
            assertEquals(
                    Room.HISTORY_CHARS / Protocol.MAX_TEXT,
                    await(enter("Bob", bob.here())).orElseThrow().recent().size());
        });
    }

    @Test
    void aNewNameIsFreeOrOnesOwn() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member ada = await(enter("Ada", person.here())).orElseThrow().member();
            assertTrue(await(enter("Bob", person.here())).isPresent());
            assertFalse(await(renames(ada, "BOB")));
            assertTrue(await(renames(ada, "ADA")));
            assertEquals("ADA", ada.nick().shown());
            assertTrue(await(renames(ada, "Eve")));
            assertEquals(List.of(name("Bob"), name("Eve")), room.nicks(10));
            assertTrue(await(enter("Ada", person.here())).isPresent());
            await(leaves(ada));
            assertFalse(await(renames(ada, "Zoe")));
        });
    }

    private Future<Optional<Arrival.Entered>> enter(String nick, WebSocket socket, @Nullable String by) {
        return async(() -> {
            Event.Session session = node.newSession();
            Arrival arrival = new Arrival(socket);
            node.arrivals.put(session, arrival);
            await(happens(new Event.Enters(name("lobby"), name(nick), session, by, 0)));
            return await(Futures.observe(arrival.entered()));
        });
    }

    @Test
    void whoComesBackTakesTheirNameOverAndNobodyElse() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member lost =
                    await(enter("Ada", person.here(), "ada")).orElseThrow().member();
            assertTrue(await(enter("Ada", person.here(), "eve")).isEmpty());
            assertTrue(await(enter("Ada", person.here(), null)).isEmpty());
            Member back =
                    await(enter("Ada", person.here(), "ada")).orElseThrow().member();
            assertTrue(Objects.requireNonNull(lost.ear).hasLeft());
            assertEquals(1, room.size());
            // The goodbye of the lost connection is nobody's any more.
            await(leaves(lost));
            assertEquals(List.of(back), room.all());
        });
    }

    @Test
    void ofTwoNodesThatDidNotKnowOfEachOtherWhoCameFirstStays() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            number = 100;
            Member here = await(enter("Ada", person.here())).orElseThrow().member();
            var later = new Event.Session("there", 1);
            await(happens(new Event.Enters(name("lobby"), name("Ada"), later, null, here.since + 1)));
            assertEquals(List.of(here), room.all());
            var earlier = new Event.Session("there", 2);
            await(happens(new Event.Enters(name("lobby"), name("Ada"), earlier, null, here.since - 1)));
            assertEquals(
                    List.of(earlier), room.all().stream().map(m -> m.session).toList());
            assertTrue(Objects.requireNonNull(here.ear).hasLeft());
            await(happens(new Event.Gone("there")));
            assertEquals(0, room.size());
        });
    }

    @Test
    void whatARoomDoesNotRememberIsNotAboveItsFloor() throws Exception {
        run(uri -> {
            Person person = await(person(uri));
            Member ada = await(enter("Ada", person.here())).orElseThrow().member();
            await(happens(line("heard")));
            await(leaves(ada));
            await(happens(line("late, and to nobody")));
            long late = number;
            Arrival.Entered back = await(enter("Ada", person.here())).orElseThrow();
            assertEquals(List.of(), back.recent());
            assertEquals(late, back.floor());
        });
    }

    /** As if memory had run out between telling it and remembering it. */
    @Test
    void whatFailsHalfWaySendsThoseWhoAreHereAwayAndTheNextIsToldAllTheSame() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            resume(await(enter("Ada", ada.here())).orElseThrow());
            await(happens(line(1)));
            await(hears(ada, "\"line 1\""));
            Event broken = new Event.Says(name("lobby"), name("Eve"), nothing(), 0, null, 0);
            assertInstanceOf(Outcome.Failed.class, await(settle(happens(broken))));
            Person bob = await(person(uri));
            Arrival.Entered late = await(enter("Bob", bob.here())).orElseThrow();
            resume(late);
            assertEquals(List.of(), texts(late), "what it no longer knows is not told as if it were all");
            assertEquals(number - 1, late.floor());
            await(happens(line(2)));
            await(hears(bob, "\"line 2\""));
        });
    }

    /** What a node tells itself is numbered by where it was when it began to, and may come behind a line that came later. */
    @Test
    void whatFailsLateForgetsTheLinesBeforeItToo() throws Exception {
        run(uri -> {
            Person ada = await(person(uri));
            resume(await(enter("Ada", ada.here())).orElseThrow());
            await(happens(line(1)));
            long said = number;
            number = 0;
            assertInstanceOf(Outcome.Failed.class, await(settle(happens(new Event.Others(nothing())))));
            assertEquals(List.of(), room.recent());
            assertEquals(said, room.floor());
        });
    }

    @SuppressWarnings("NullAway") // it is a fault that is looked for
    private static <T> T nothing() {
        return null;
    }
}
