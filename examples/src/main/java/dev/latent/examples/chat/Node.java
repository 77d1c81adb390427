package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Outcome;
import dev.latent.Scope;
import dev.latent.Timed;
import dev.latent.channel.Channel;
import dev.latent.web.WebSocket;
import dev.latent.world.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node of a chat: its rooms, and what goes over the {@link Bus} to and fro.
 *
 * <p><b>How it works.</b> {@link #run} reads the bus, and hands each event to its room; it never waits for a room. A node that shares its bus greets the others as it comes, who say again who is there with
 * them. It says once a second that it is there. Of one that has said nothing for {@value #SILENCE_MILLIS} ms another says that it is {@link Event.Gone}, and with that, in the order of the bus, its people have left
 * at every node; were it alive after all, it closes their connections, and they come back. A node that does not hear its own word has lost the bus: it tells its people, and judges nobody.
 *
 * <p>That somebody left must not be lost, or their name would be taken for ever: what can't be published then is owed, and paid when the bus is back.
 */
final class Node {
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** For an own word to be back; longer, and the bus is lost. */
    private static final Duration ECHO = Duration.ofSeconds(5);

    static final int SILENCE_MILLIS = 8_000;

    /** For the other nodes to say who is there. */
    private static final Duration GREETING = Duration.ofMillis(500);

    private static final int MOST_PAGES = 10_000;

    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(5);

    /** For what happens on the bus to be known at this node. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of those who are closed. */
    private record Away(WebSocket socket, Chat.Goodbye why) {}

    final String id;
    final Bus bus;
    final History history;
    private final Duration patience;

    private final ConcurrentHashMap<Name, Room> rooms = new ConcurrentHashMap<>();

    /** Connections of this node that wait to be in a room. */
    final Map<Event.Session, Arrival> arrivals = new ConcurrentHashMap<>();

    private final AtomicLong sessions = new AtomicLong();

    /** When each node was heard of, by this node's clock. */
    private final Map<String, Long> heard = new ConcurrentHashMap<>();

    /** Where the others are, by node, as far as they tell; written by the reader alone. */
    private final Map<String, String> places = new ConcurrentHashMap<>();

    /** Where others are or were: their pages are let in. */
    final Set<String> pages = ConcurrentHashMap.newKeySet();

    /** Where people find this one; empty where that is not to be told. */
    volatile String at = "";

    private final Channel<Event> owed = Channel.unbounded();
    private final Channel<Away> away = Channel.unbounded();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** Of the last event that was handed to its room; written by the reader alone. */
    private volatile long position;

    /** Whether the bus can be reached; written by the beat alone. */
    private volatile boolean fair = true;

    private long fairSince;

    Node(String id, Bus bus, History history, Duration patience) {
        this.id = id;
        this.bus = bus;
        this.history = history;
        this.patience = patience;
    }

    /**
     * {@return a future that keeps the node going; it never ends, but fails with an {@link IOException} when the bus was begun anew}
     *
     * <p>What fails in a room is reported, and the others go on. Each of the other tasks is one without which this would be no node any more: it fails with it.
     */
    Future<Void> run() {
        return scopeDo(vital -> {
            position = await(bus.end());
            await(scopeDo(Scope.OnFailure.REPORT, tasks -> {
                vital.spawn(closing());
                vital.spawn(history.follow(bus));
                vital.spawn(paying());
                if (bus.isShared()) {
                    vital.spawn(beating(tasks));
                    vital.spawn(greeting());
                } else {
                    ready.complete(null);
                }
                await(reading(tasks));
            }));
        });
    }

    /** {@return a future that is ready when the node knows who is there} */
    Future<Void> ready() {
        return Futures.observe(ready);
    }

    // ---- to the bus -------------------------------------------------------------------------------------------------

    /**
     * {@return a future that is ready when the bus has {@code event}}
     *
     * <p>It fails with {@link Unreachable}, at once where that is known beforehand.
     */
    Future<Void> publish(Event event) {
        return async(() -> {
            check();
            try {
                await(bus.publish(event));
            } catch (IOException e) {
                throw new Unreachable(Trouble.BUS, e);
            }
        });
    }

    /** Fails where it is known that the bus can't be reached. */
    void check() throws Unreachable {
        if (!fair) {
            throw new Unreachable(Trouble.BUS, new IOException("the bus does not answer"));
        }
    }

    /** {@return the same for somebody's goodbye: never fails, and it will be on the bus} */
    Future<Void> leave(Member member) {
        return leave(new Event.Leaves(member.room.name, member.nick(), member.session));
    }

    Future<Void> leave(Event.Leaves leaves) {
        return async(() -> {
            try {
                await(publish(leaves));
            } catch (Unreachable e) {
                owed.trySend(leaves);
            }
        });
    }

    /** Somebody came in whom nobody waits for; if it was somebody of this node, they have gone meanwhile, maybe while others were told that they are there. */
    void mayHaveLeft(Event.Enters enters) {
        if (enters.session().node().equals(id)) {
            owed.trySend(new Event.Leaves(enters.room(), enters.nick(), enters.session()));
        }
    }

    private Future<Void> paying() {
        return async(() -> {
            try (var owing = owed.receiver()) {
                while (await(owing.next()) instanceof Item(var event)) {
                    while (await(settle(bus.publish(event))) instanceof Outcome.Failed<Void>) {
                        await(sleep(BEAT));
                    }
                }
            }
        });
    }

    /** Closes the connection of who is at this node, who hears nothing from now on. */
    void sendAway(Member member, Chat.Goodbye why) {
        if (member.socket != null && member.ear != null && !member.ear.hasLeft()) {
            member.ear.close();
            away.trySend(new Away(member.socket, why));
        }
    }

    private Future<Void> closing() {
        return scopeDo(Scope.OnFailure.REPORT, goodbyes -> {
            try (var leaving = away.receiver()) {
                while (await(leaving.next()) instanceof Item(Away(var socket, var why))) {
                    goodbyes.spawn(settle(socket.close(why.code, why.reason)));
                }
            }
        });
    }

    private Future<Void> greeting() {
        return async(() -> {
            while (await(settle(bus.publish(new Event.Hello(id)))) instanceof Outcome.Failed<Void>) {
                await(sleep(PAUSE));
            }
        });
    }

    /** Who is there, for a node that does not know. */
    private Future<Void> announcing() {
        return async(() -> {
            for (Room room : rooms.values()) {
                for (Member member : room.all()) {
                    if (member.session.node().equals(id)) {
                        var again = new Event.Enters(room.name, member.nick(), member.session, member.by, member.since);
                        while (await(settle(bus.publish(again))) instanceof Outcome.Failed<Void>) {
                            await(sleep(PAUSE));
                        }
                    }
                }
            }
        });
    }

    private Future<Void> beating(Scope tasks) {
        return async(() -> {
            Clock clock = context().capability(Clock.class);
            heard.put(id, clock.nanoTime());
            fairSince = clock.nanoTime();
            long looked = fairSince;
            while (true) {
                await(withTimeout(ECHO, settle(bus.publish(new Event.Beat(id, at)))));
                long now = clock.nanoTime();
                boolean isFair = now - heard.getOrDefault(id, now) < ECHO.toNanos();
                if (isFair != fair) {
                    fair = isFair;
                    fairSince = now;
                    tell(new Event.Weather(isFair), tasks);
                }
                if (now - looked >= ECHO.toNanos()) {
                    looked = now;
                    await(look());
                }
                if (fair && now - fairSince > Duration.ofMillis(SILENCE_MILLIS).toNanos()) {
                    await(bury(now));
                }
                await(sleep(BEAT));
            }
        });
    }

    /** Whether the bus is the one that it was; it may have been begun anew between two beats. */
    private Future<Void> look() {
        return async(() -> {
            if (await(withTimeout(ECHO, settle(bus.isSame())))
                            instanceof Timed.InTime<Outcome<Boolean>>(Outcome.Ok<Boolean>(Boolean isSame))
                    && !isSame) {
                throw new IOException("the bus was begun anew, and counts from the start: start this node again");
            }
        });
    }

    private Future<Void> bury(long now) {
        return async(() -> {
            for (String node : heard.keySet().stream().sorted().toList()) {
                Long last = heard.get(node);
                if (last != null
                        && now - last > Duration.ofMillis(SILENCE_MILLIS).toNanos()) {
                    await(withTimeout(ECHO, settle(bus.publish(new Event.Gone(node)))));
                }
            }
        });
    }

    // ---- from the bus -----------------------------------------------------------------------------------------------

    private Future<Void> reading(Scope tasks) {
        return async(() -> {
            while (true) {
                try (var log = bus.from(position)) {
                    while (await(log.next()) instanceof Item(var entry)) {
                        hear(entry, tasks, context().capability(Clock.class).nanoTime());
                    }
                } catch (Bus.LetGo e) { // who is there can't be known any more
                    throw new IOException(e.getMessage() + ": start this node again", e);
                } catch (IOException e) {
                    // it is begun again behind what was heard
                }
                await(sleep(PAUSE));
            }
        });
    }

    private void hear(Bus.Entry entry, Scope tasks, long now) {
        if (entry.number() <= position) {
            return; // a bus that was cut off may give again what it has given
        }
        position = entry.number();
        switch (entry.event()) {
            case Event.Enters enters -> {
                if (bus.isShared()) {
                    heard.put(enters.session().node(), now);
                }
                hear(enters.room(), true, entry, tasks);
            }
            case Event.Leaves leaves -> hear(leaves.room(), false, entry, tasks);
            case Event.Renames renames -> hear(renames.room(), false, entry, tasks);
            case Event.Says says -> hear(says.room(), false, entry, tasks);
            case Event.Beat(var node, var place) -> {
                heard.put(node, now);
                if (!place.isEmpty() && pages.size() < MOST_PAGES) {
                    pages.add(place);
                }
                if (!node.equals(id) && !place.isEmpty() && !place.equals(places.put(node, place))) {
                    tellOthers(tasks);
                }
            }
            case Event.Hello(var node) -> {
                heard.put(node, now);
                if (node.equals(id)) {
                    tasks.spawn(async(() -> {
                        await(sleep(GREETING));
                        ready.complete(null);
                    }));
                } else {
                    tasks.spawn(announcing());
                }
            }
            case Event.Gone(var node) -> {
                for (Name name : rooms.keySet()) {
                    hear(name, false, entry, tasks);
                }
                if (!node.equals(id)) {
                    heard.remove(node);
                    if (places.remove(node) != null) {
                        tellOthers(tasks);
                    }
                }
            }
            case Event.Weather _, Event.Others _ -> {}
        }
    }

    private void tellOthers(Scope tasks) {
        tell(new Event.Others(others()), tasks);
    }

    /** All rooms, of what is this node's own. */
    private void tell(Event event, Scope tasks) {
        for (Name name : rooms.keySet()) {
            hear(name, false, new Bus.Entry(position, event), tasks);
        }
    }

    /** {@return where other nodes are} */
    List<String> others() {
        return places.values().stream().distinct().sorted().toList();
    }

    private void hear(Name name, boolean opens, Bus.Entry entry, Scope tasks) {
        Room[] begins = new Room[1];
        // Under the map's lock, so that a room is never left empty and entered at the same time.
        rooms.compute(name, (_, there) -> {
            Room room = there == null && opens ? new Room(name, this, entry.number() - 1, patience) : there;
            if (room != null && room.hear(entry)) {
                begins[0] = room;
            }
            return room;
        });
        if (begins[0] != null) {
            tasks.spawn(begins[0].run());
        }
    }

    /** {@return the room called {@code name}, which stays until it is {@linkplain #release released}} */
    Room hold(Name name) {
        return rooms.compute(name, (_, there) -> {
            Room room = there == null ? new Room(name, this, position, patience) : there;
            room.holds++;
            return room;
        });
    }

    void release(Room room) {
        rooms.computeIfPresent(room.name, (_, there) -> {
            there.holds--;
            return there.holds == 0 && there.isIdle() ? null : there;
        });
    }

    /** Forgets {@code room} if it is empty. */
    void tidy(Room room) {
        rooms.computeIfPresent(
                room.name, (_, there) -> there == room && there.holds == 0 && there.isIdle() ? null : there);
    }

    /** {@return a future that is ready when what has happened until now was heard in its room}, as far as that does not take long */
    Future<Void> settled() {
        return async(() -> {
            await(withTimeout(BEAT, settle(async(() -> {
                long end = await(bus.end());
                while (position < end || !rooms.values().stream().allMatch(Room::isQuiet)) {
                    await(sleep(LOOK));
                }
            }))));
        });
    }

    Collection<Room> rooms() {
        return rooms.values();
    }

    Event.Session newSession() {
        return new Event.Session(id, sessions.incrementAndGet());
    }
}
