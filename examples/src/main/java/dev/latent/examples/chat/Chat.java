package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.settle;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Outcome;
import dev.latent.Timed;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Rooms and the people in them, at one node or at several. One connection is one task, which listens; what is said comes to everybody over the {@link Bus}. */
public final class Chat {
    /** The close code for those who read nothing for too long (RFC 6455: a policy was violated). */
    static final int POLICY = 1008;

    /** For the past of those who come anew, whom the room waits for meanwhile. */
    private static final Duration PAST = Duration.ofSeconds(2);

    /** Lines at a time, for who has missed many. */
    private static final int PIECE = 100;

    /** Why the chat closes a connection. */
    enum Goodbye {
        ELSEWHERE(4001, "you came in from elsewhere"),
        GONE(4004, "this node was cut off: come back"),
        TAKEN(4002, "that name was taken already"),
        BEHIND(4003, "too much was said at once: come back");

        final int code;
        final String reason;

        Goodbye(int code, String reason) {
            this.code = code;
            this.reason = reason;
        }
    }

    private final Node node;

    /** An empty chat, which waits five seconds for a reader that holds a room up. */
    public Chat() {
        this(Duration.ofSeconds(5));
    }

    /** An empty chat, which waits {@code patience} for a reader that holds a room up, then closes that connection. */
    public Chat(Duration patience) {
        this("here", new MemoryBus(), History.none(), patience);
    }

    /**
     * One node of a chat.
     *
     * @param id tells it from the other nodes, and from itself before it was started again
     */
    public Chat(String id, Bus bus, History history, Duration patience) {
        this.node = new Node(id, bus, history, patience);
    }

    /** {@return a future that keeps the chat going, beside the connections; it never ends} */
    public Future<Void> run() {
        return node.run();
    }

    /** From now on the other nodes' people know that they find this node at {@code place}, {@code host:port}, when theirs is gone. */
    public void isAt(String place) {
        node.at = place;
    }

    /** {@return whether pages of {@code origin} are another node's} */
    boolean hasPage(String origin) {
        return node.pages.contains(origin.replaceFirst("^https?://", ""));
    }

    /** {@return a future that is ready when this node knows who is at the others} */
    public Future<Void> ready() {
        return node.ready();
    }

    /** {@return a future that is ready when this node has heard what happened until now}, as far as that does not take long */
    public Future<Void> settled() {
        return node.settled();
    }

    /** {@return how many rooms there are} */
    public int rooms() {
        return node.rooms().size();
    }

    /** {@return a future that serves {@code socket} until its user leaves} */
    public Future<Void> connection(WebSocket socket) {
        return async(() -> {
            Wish wish = await(wish(socket));
            while (!(wish instanceof Wish.Leave)) {
                wish = switch (wish) {
                    case Wish.Join join -> await(visit(socket, join));
                    case Wish.Wrong(var why, var n) -> await(answer(socket, Protocol.error(why, n)));
                    case Wish.Rooms _ -> await(answer(socket, Protocol.rooms(node.rooms())));
                    default -> await(answer(socket, Protocol.error(Trouble.OUTSIDE)));
                };
            }
        });
    }

    // ---- in a room --------------------------------------------------------------------------------------------------

    /** A stay in one room. {@return what the user wants next} */
    private Future<Wish> visit(WebSocket socket, Wish.Join join) {
        return async(() -> {
            Trouble trouble;
            Room room = node.hold(join.room());
            try {
                Member member = await(arrive(socket, room, join));
                if (member != null) {
                    try {
                        return await(listen(socket, member));
                    } finally {
                        await(node.leave(member));
                    }
                }
                trouble = Trouble.TAKEN;
            } catch (Unreachable e) {
                trouble = e.trouble;
            } finally {
                node.release(room);
            }
            return await(answer(socket, Protocol.error(trouble)));
        });
    }

    /** {@return who is in the room, and knows all that was said; null where the name is taken} */
    private Future<@Nullable Member> arrive(WebSocket socket, Room room, Wish.Join join) {
        return async(() -> {
            long seen = await(catchUp(socket, room, join));
            Arrival.Entered entered = await(enter(socket, room, join));
            if (entered == null) {
                return null;
            }
            boolean isWelcome = false;
            try {
                await(welcome(socket, entered, join, seen));
                isWelcome = true;
                return entered.member();
            } finally {
                if (!isWelcome) {
                    await(node.leave(entered.member()));
                }
            }
        });
    }

    /** {@return who has come in; null where the name is taken} */
    private Future<Arrival.@Nullable Entered> enter(WebSocket socket, Room room, Wish.Join join) {
        return async(() -> {
            node.check(); // or a goodbye would be owed for each try
            Event.Session session = node.newSession();
            Arrival arrival = new Arrival(socket);
            node.arrivals.put(session, arrival);
            boolean isKnown = false;
            try {
                await(node.publish(new Event.Enters(room.name, join.nick(), session, join.by(), 0)));
                switch (await(withTimeout(Node.PATIENCE, Futures.observe(arrival.entered())))) {
                    case Timed.InTime<Optional<Arrival.Entered>>(var entered) -> {
                        isKnown = true;
                        return entered.orElse(null);
                    }
                    case Timed.TooLate<Optional<Arrival.Entered>> _ ->
                        throw new Unreachable(Trouble.BUS, new IOException("an event did not come back"));
                }
            } finally {
                node.arrivals.remove(session);
                if (!isKnown) {
                    await(node.leave(new Event.Leaves(room.name, join.nick(), session)));
                }
            }
        });
    }

    /** {@return what the user wants that is not to say something} */
    private Future<Wish> listen(WebSocket socket, Member member) {
        return async(() -> {
            while (true) {
                Wish wish = await(wish(socket));
                switch (wish) {
                    case Wish.Say say -> await(say(socket, member, say));
                    case Wish.Rename(var nick) -> await(rename(socket, member, nick));
                    case Wish.Rooms _ -> await(socket.send(Protocol.rooms(node.rooms())));
                    case Wish.Wrong(var why, var n) -> await(socket.send(Protocol.error(why, n)));
                    default -> {
                        return wish;
                    }
                }
            }
        });
    }

    /** Behind a line that the bus did not take, one is only taken when its speaker has heard the one before it: others would come too early. */
    private Future<Void> say(WebSocket socket, Member member, Wish.Say say) {
        return async(() -> {
            await(member.room.place());
            try {
                if (member.refuses && say.n() != say.after() + 1) {
                    throw new Unreachable(Trouble.BUS, new IOException("the line before was not taken"));
                }
                long now = MemoryBus.micros(context());
                await(node.publish(
                        new Event.Says(member.room.name, member.nick(), say.text(), now, member.by, say.n())));
                member.refuses = false;
            } catch (Unreachable e) {
                member.refuses = say.n() != 0;
                await(socket.send(Protocol.error(e.trouble, say.n())));
            }
        });
    }

    private Future<Void> rename(WebSocket socket, Member member, Name nick) {
        return async(() -> {
            CompletableFuture<Boolean> given = new CompletableFuture<>();
            member.renaming = given;
            Trouble trouble = null;
            try {
                await(node.publish(new Event.Renames(member.room.name, member.nick(), nick, member.session)));
                switch (await(withTimeout(Node.PATIENCE, Futures.observe(given)))) {
                    case Timed.InTime<Boolean>(var isGiven) -> trouble = isGiven ? null : Trouble.TAKEN;
                    case Timed.TooLate<Boolean> _ -> trouble = Trouble.BUS;
                }
            } catch (Unreachable e) {
                trouble = e.trouble;
            }
            if (trouble != null) {
                await(socket.send(Protocol.error(trouble)));
            }
        });
    }

    // ---- who comes, and what they have missed -----------------------------------------------------------------------

    /**
     * Tells who comes back what is kept of what they have missed and the room does not remember, before they are in the room, which would have to wait for them.
     *
     * @return the number that they have seen then
     */
    private Future<Long> catchUp(WebSocket socket, Room room, Wish.Join join) {
        long seen = join.log().equals(node.bus.name()) ? join.seen() : 0;
        return seen == 0 || seen >= room.floor() || !node.history.keeps()
                ? Futures.ready(seen)
                : tellMissed(socket, room, seen, node.history.kept());
    }

    /** {@return {@code upTo}, when the lines after {@code seen} up to that number have been told} */
    private Future<Long> tellMissed(WebSocket socket, Room room, long seen, long upTo) {
        return async(() -> {
            long told = seen;
            while (true) {
                List<Said> piece = await(kept(node.history.after(room.name.key(), told, upTo, PIECE)));
                if (!piece.isEmpty()) {
                    await(socket.send(Protocol.missed(piece)));
                    told = piece.getLast().number();
                }
                if (piece.size() < PIECE) {
                    return Math.max(told, upTo);
                }
            }
        });
    }

    private Future<Void> welcome(WebSocket socket, Arrival.Entered entered, Wish.Join join, long seen) {
        return async(() -> {
            Member member = entered.member();
            boolean isBack = seen > 0;
            boolean keeps = node.history.keeps();
            List<Said> lines = entered.recent();
            boolean isMissing = isBack ? !keeps && seen < entered.floor() : join.seen() > 0;
            if (keeps && seen < entered.floor()) {
                if (isBack) {
                    await(kept(node.history.reached(entered.floor())));
                    await(tellMissed(socket, member.room, seen, entered.floor()));
                } else if (lines.size() < Room.HISTORY) {
                    List<Said> past = await(past(member.room, entered.floor()));
                    isMissing |= past == null;
                    lines = past == null ? lines : Room.last(past, lines);
                }
            }
            lines = lines.stream().filter(line -> line.number() > seen).toList();
            await(socket.send(Protocol.welcome(member, lines, node.bus.name(), isMissing, node.others())));
            if (member.ear != null) {
                member.ear.resume();
            }
        });
    }

    /** {@return the last lines up to {@code floor}, for who comes anew; null where the history does not answer soon: they come without} */
    private Future<@Nullable List<Said>> past(Room room, long floor) {
        return async(() -> {
            Future<List<Said>> read = async(() -> {
                await(node.history.reached(floor));
                return await(node.history.last(room.name.key(), floor, Room.HISTORY));
            });
            return await(withTimeout(PAST, settle(read)))
                            instanceof Timed.InTime<Outcome<List<Said>>>(Outcome.Ok<List<Said>>(var lines))
                    ? lines
                    : null;
        });
    }

    private static <T> Future<T> kept(Future<T> read) {
        return async(() -> {
            try {
                return switch (await(withTimeout(Node.PATIENCE, read))) {
                    case Timed.InTime<T>(var value) -> value;
                    case Timed.TooLate<T> _ -> throw new IOException("the history does not answer");
                };
            } catch (IOException e) {
                throw new Unreachable(Trouble.HISTORY, e);
            }
        });
    }

    // ---- what they say ----------------------------------------------------------------------------------------------

    /** {@return what the user wants next} */
    private static Future<Wish> answer(WebSocket socket, PreparedMessage answer) {
        return async(() -> {
            await(socket.send(answer));
            return await(wish(socket));
        });
    }

    private static Future<Wish> wish(WebSocket socket) {
        return async(() -> switch (await(socket.receive())) {
            case Message.Text(var text) -> Protocol.read(text);
            case Message.Binary _ -> new Wish.Wrong(Trouble.NOT_TEXT);
        });
    }
}
