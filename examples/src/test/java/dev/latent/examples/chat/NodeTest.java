package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.withTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Outcome;
import dev.latent.Timed;
import dev.latent.junit.AsyncTest;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Nodes over a log that does all that it may do, in virtual time: they are of one mind. */
class NodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Name name(String text) {
        return Objects.requireNonNull(Name.of(text));
    }

    private static Node node(String id, Bus bus) {
        return new Node(id, bus, History.none(), PATIENCE);
    }

    /** Who is where, as this node sees it. */
    private static Set<String> mind(Node node) {
        return node.rooms().stream()
                .flatMap(room -> room.all().stream()
                        .map(member ->
                                room.name.key() + "/" + member.nick() + "/" + member.session + "/" + member.since))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What somebody of a node that is not there does; they are there, as far as that is heard. */
    private static Event anything(RandomGenerator random) {
        Event.Session session = new Event.Session("far " + random.nextInt(3), random.nextInt(6));
        Name room = name("room " + random.nextInt(2));
        Name nick = name("N" + random.nextInt(4));
        String by = random.nextInt(3) == 0 ? "by " + random.nextInt(2) : null;
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new Event.Enters(room, nick, session, by, 0);
            case 4, 5 -> new Event.Leaves(room, nick, session);
            case 6, 7 -> new Event.Renames(room, nick, name("N" + random.nextInt(4)), session);
            case 8 -> new Event.Says(room, nick, "hello", 0, by, 1);
            default -> new Event.Gone(session.node());
        };
    }

    @AsyncTest(seeds = 200)
    Future<Void> allAreOfOneMindWhateverTheLogDoes() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(8);
            List<Node> nodes = new ArrayList<>();
            List<JoinHandle<Void>> runs = new ArrayList<>();
            for (String id : List.of("a", "b", "c")) {
                Node node = node(id, log);
                nodes.add(node);
                runs.add(spawn(node.run()));
                await(node.ready());
            }
            for (int i = 0; i < 60; i++) {
                await(settle(log.publish(anything(context().capability(RandomGenerator.class)))));
            }
            log.isGood = true;
            await(sleep(Duration.ofSeconds(1)));
            Set<String> first = mind(nodes.getFirst());
            for (Node node : nodes) {
                assertEquals(first, mind(node));
            }
            assertTrue(log.refused + log.unsure + log.twice + log.ended > 0);
            // What nobody says any more is over: the far nodes are silent.
            await(sleep(Duration.ofSeconds(15)));
            for (Node node : nodes) {
                assertEquals(Set.of(), mind(node));
            }
            for (JoinHandle<Void> run : runs) {
                await(run.cancel());
            }
        });
    }

    /** Somebody on a connection: in the time of this world, as there is a network. */
    @Test
    void whoComesLaterIsToldWhoIsThere() throws Exception {
        UnreliableLog log = new UnreliableLog(1);
        log.isGood = true;
        Chat first = new Chat("a", log, History.none(), PATIENCE);
        CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Future<Void> visit = async(() -> {
            var uri = URI.create(
                    "ws://127.0.0.1:" + await(Futures.observe(listening)).getPort() + "/chat");
            Node later = node("b", log);
            try (WebSocket ada = await(WebSocket.connect(uri))) {
                await(ada.send("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
                await(ada.receive());
                try (var _ = spawn(later.run())) {
                    await(later.ready());
                    Set<String> there = mind(later);
                    assertTrue(
                            there.size() == 1 && there.iterator().next().startsWith("lobby/Ada/Session[node=a, id=1]/"),
                            there.toString());
                }
            } finally {
                stop.complete(null);
            }
        });
        Latent.blockOn(timeout(
                Duration.ofSeconds(30),
                join(ChatServer.serve(first, List.of("127.0.0.1"), 0, stop, listening::complete), visit)));
    }

    @AsyncTest
    Future<Void> whoIsSilentIsGone() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = node("b", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            log.append(new Event.Enters(name("lobby"), name("Ada"), new Event.Session("a", 77), "by Ada", 1));
            await(sleep(Duration.ofMillis(100)));
            assertEquals(1, mind(node).size());
            await(sleep(Duration.ofMillis(Node.SILENCE_MILLIS + 3_000)));
            assertEquals(Set.of(), mind(node));
            await(running.cancel());
        });
    }

    /** While a node tells another one who is there, they may go: what it tells then comes behind their goodbye. */
    @AsyncTest
    Future<Void> whoLeavesWhileOthersAreToldThatTheyAreThereIsGone() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = node("a", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            Event.Session ada = new Event.Session("a", 77);
            log.append(new Event.Leaves(name("lobby"), name("Ada"), ada));
            log.append(new Event.Enters(name("lobby"), name("Ada"), ada, "by Ada", 1));
            await(sleep(Duration.ofSeconds(1)));
            assertEquals(Set.of(), mind(node));
            assertInstanceOf(
                    Event.Leaves.class,
                    log.entries.stream()
                            .map(Bus.Entry::event)
                            .filter(event -> !(event instanceof Event.Beat))
                            .toList()
                            .getLast());
            await(running.cancel());
        });
    }

    /** A connection whose owner tries {@code times} to come in, and goes. */
    private static WebSocket trying(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(),
                new Class<?>[] {WebSocket.class},
                (_, method, _) -> switch (method.getName()) {
                    case "receive" ->
                        Futures.ready(new Message.Text(
                                left.getAndDecrement() > 0
                                        ? "{\"join\":\"lobby\",\"nick\":\"Ada\"}"
                                        : "{\"leave\":\"please\"}"));
                    case "send" -> Futures.done();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @AsyncTest
    Future<Void> whoTriesToComeInWhileTheBusIsLostOwesNoGoodbye() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Chat chat = new Chat("a", log, History.none(), PATIENCE);
            JoinHandle<Void> running = spawn(chat.run());
            await(chat.ready());
            log.isGood = false; // and refuses everything
            await(sleep(Duration.ofSeconds(8)));
            await(chat.connection(trying(1_000)));
            log.isGood = true;
            await(sleep(Duration.ofSeconds(30)));
            assertEquals(
                    0,
                    log.entries.stream()
                            .filter(entry -> entry.event() instanceof Event.Leaves)
                            .count());
            assertEquals(0, chat.rooms());
            await(running.cancel());
        });
    }

    private static History deadHistory() {
        return (History) Proxy.newProxyInstance(
                History.class.getClassLoader(),
                new Class<?>[] {History.class},
                (_, method, arguments) -> method.getName().equals("follow")
                        ? Futures.failed(new OutOfMemoryError("no memory for the past"))
                        : method.invoke(History.none(), arguments));
    }

    @AsyncTest
    Future<Void> aNodeOneOfWhoseOwnTasksFailsIsNoNodeAnyMore() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = new Node("a", log, deadHistory(), PATIENCE);
            Outcome<Void> outcome = await(withTimeout(Duration.ofSeconds(20), settle(node.run())))
                            instanceof Timed.InTime<Outcome<Void>>(var ended)
                    ? ended
                    : new Outcome.Ok<>(null);
            assertEquals(
                    "no memory for the past",
                    assertInstanceOf(Outcome.Failed.class, outcome).cause().getMessage());
        });
    }

    @AsyncTest
    Future<Void> aNodeThatHasMissedEventsEndsAndSaysWhy() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = node("a", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            log.letGo = true;
            log.append(new Event.Beat("far", ""));
            Outcome<Void> outcome = await(withTimeout(Duration.ofSeconds(20), settle(running)))
                            instanceof Timed.InTime<Outcome<Void>>(var ended)
                    ? ended
                    : new Outcome.Ok<>(null);
            assertEquals(
                    "the bus has let go of 100 events that were not read yet: start this node again",
                    assertInstanceOf(Outcome.Failed.class, outcome).cause().getMessage());
        });
    }

    @AsyncTest
    Future<Void> aLostBusIsToldOfAndRefusedUntilItIsBack() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = node("a", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            Event.Says says = new Event.Says(name("lobby"), name("Ada"), "hello", 0, null, 0);
            await(node.publish(says));
            log.isGood = false; // and refuses everything
            await(sleep(Duration.ofSeconds(8)));
            int refused = log.refused;
            Outcome<Void> outcome = await(settle(node.publish(says)));
            assertInstanceOf(
                    Unreachable.class,
                    assertInstanceOf(Outcome.Failed.class, outcome).cause());
            assertEquals(refused, log.refused, "it was not even tried");
            // A goodbye is owed, and paid.
            await(node.leave(new Event.Leaves(name("lobby"), name("Ada"), new Event.Session("a", 1))));
            assertFalse(log.entries.stream().anyMatch(entry -> entry.event() instanceof Event.Leaves));
            log.isGood = true;
            await(sleep(Duration.ofSeconds(3)));
            assertTrue(log.entries.stream().anyMatch(entry -> entry.event() instanceof Event.Leaves));
            await(node.publish(says));
            await(running.cancel());
        });
    }

    @AsyncTest
    Future<Void> eventsAreTheSameBehindTheWire() {
        return async(() -> {
            Event.Session session = new Event.Session("a", 7);
            for (Event event : List.<Event>of(
                    new Event.Enters(name("Lobby"), name("Ada \"A\""), session, "by", 5),
                    new Event.Enters(name("Lobby"), name("Ada"), session, null, 0),
                    new Event.Leaves(name("Lobby"), name("Ada"), session),
                    new Event.Renames(name("Lobby"), name("Ada"), name("Bob"), session),
                    new Event.Says(name("Lobby"), name("Ada"), "a \"b\"\n ä", 123, "by", 4),
                    new Event.Says(name("Lobby"), name("Ada"), "x", 0, null, 0),
                    new Event.Hello("a"),
                    new Event.Beat("a", ""),
                    new Event.Beat("a", "127.0.0.1:8080"),
                    new Event.Gone("a"))) {
                assertEquals(event.toString(), String.valueOf(Event.decode(event.encode())));
            }
            for (String wrong : List.of(
                    "",
                    "x",
                    "[]",
                    "{}",
                    "{\"is\":\"dances\"}",
                    "{\"is\":\"says\",\"room\":\"a\",\"nick\":\"b\",\"n\":\"x\"}")) {
                assertEquals(null, Event.decode(wrong), wrong);
            }
        });
    }

    /** What is heard twice would be told and remembered twice: a room knows nothing of numbers, its readers do. */
    @AsyncTest(seeds = 50)
    Future<Void> whatTheLogGivesAgainHappensOnce() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(4);
            Node node = node("a", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            Event.Session far = new Event.Session("far", 1);
            log.append(new Event.Enters(name("lobby"), name("Ada"), far, null, 0));
            long first = log.entries.size();
            for (int i = 1; i <= 30; i++) {
                log.append(new Event.Says(name("lobby"), name("Ada"), "line " + i, 0, "by Ada", i));
            }
            await(sleep(Duration.ofSeconds(4)));
            log.isGood = true; // it may have ended often, and be late
            await(sleep(Duration.ofSeconds(1)));
            Room lobby = node.rooms().iterator().next();
            List<Long> told = lobby.recent().stream().map(Said::number).toList();
            assertEquals(LongStream.rangeClosed(first + 1, first + 30).boxed().toList(), told);
            assertTrue(log.again > 0);
            await(running.cancel());
        });
    }

    @AsyncTest
    Future<Void> aBusThatWasBegunAnewEndsTheNodeAndSaysWhy() {
        return async(() -> {
            UnreliableLog log = new UnreliableLog(1);
            log.isGood = true;
            Node node = node("a", log);
            JoinHandle<Void> running = spawn(node.run());
            await(node.ready());
            for (int i = 0; i < 1_000; i++) {
                log.append(new Event.Beat("far", ""));
            }
            await(sleep(Duration.ofSeconds(1)));
            log.entries.clear(); // its numbers are below those that the node has heard
            await(sleep(Duration.ofSeconds(20)));
            assertFalse(running.isFinished(), "it may only be late");
            log.isSame = false;
            Outcome<Void> outcome = await(withTimeout(Duration.ofSeconds(20), settle(running)))
                            instanceof Timed.InTime<Outcome<Void>>(var ended)
                    ? ended
                    : new Outcome.Ok<>(null);
            assertTrue(assertInstanceOf(Outcome.Failed.class, outcome)
                    .cause()
                    .getMessage()
                    .startsWith("the bus was begun anew"));
        });
    }
}
