package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebSocket;
import dev.latent.world.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Rooms and the people in them. One connection is one task, which listens; whoever speaks brings it to the others. */
public final class Chat {
    /** The close code for those who read nothing for too long (RFC 6455: a policy was violated). */
    static final int POLICY = 1008;

    private final ConcurrentHashMap<Name, Room> rooms = new ConcurrentHashMap<>();

    /** What the last line was stamped with. */
    private final AtomicLong stamped = new AtomicLong();

    private final Duration patience;

    /** An empty chat, which waits five seconds for a reader that holds a room up. */
    public Chat() {
        this(Duration.ofSeconds(5));
    }

    /** An empty chat, which waits {@code patience} for a reader that holds a room up, then closes that connection. */
    public Chat(Duration patience) {
        this.patience = patience;
    }

    /** {@return a future that serves {@code socket} until its user leaves} */
    public Future<Void> connection(WebSocket socket) {
        return async(() -> {
            Wish wish = await(wish(socket));
            while (!(wish instanceof Wish.Leave)) {
                wish = switch (wish) {
                    case Wish.Join join -> await(visit(socket, join));
                    case Wish.Wrong(var why) -> await(answer(socket, Protocol.error(why)));
                    case Wish.Rooms _ -> await(answer(socket, Protocol.rooms(rooms.values())));
                    default -> await(answer(socket, Protocol.error(Trouble.OUTSIDE)));
                };
            }
        });
    }

    /** {@return how many rooms there are} */
    public int rooms() {
        return rooms.size();
    }

    /** A stay in one room. {@return what the user wants next} */
    private Future<Wish> visit(WebSocket socket, Wish.Join join) {
        return async(() -> {
            Member member = enter(join, socket);
            if (member == null) {
                return await(answer(socket, Protocol.error(Trouble.TAKEN)));
            }
            try {
                await(socket.send(Protocol.welcome(member)));
                member.ear.resume();
                await(member.room.say(Protocol.joined(member.nick())));
                return await(listen(socket, member));
            } finally {
                leave(member);
                await(member.room.say(Protocol.left(member.nick())));
            }
        });
    }

    /** {@return what the user wants that is not to say something} */
    private Future<Wish> listen(WebSocket socket, Member member) {
        return async(() -> {
            while (true) {
                Wish wish = await(wish(socket));
                switch (wish) {
                    case Wish.Say(var text) ->
                        await(member.room.say(Protocol.said(member.nick(), text, stamp(context()))));
                    case Wish.Rename(var nick) -> await(rename(socket, member, nick));
                    case Wish.Rooms _ -> await(socket.send(Protocol.rooms(rooms.values())));
                    case Wish.Wrong(var why) -> await(socket.send(Protocol.error(why)));
                    default -> {
                        return wish;
                    }
                }
            }
        });
    }

    private static Future<Void> rename(WebSocket socket, Member member, Name nick) {
        return async(() -> {
            Name before = member.nick();
            if (member.room.rename(member, nick)) {
                await(member.room.say(Protocol.renamed(before, nick)));
            } else {
                await(socket.send(Protocol.error(Trouble.TAKEN)));
            }
        });
    }

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

    /** {@return now, in microseconds, or the next number after that of the line before} */
    private long stamp(Context cx) {
        Instant now = cx.capability(Clock.class).instant();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        return stamped.updateAndGet(last -> Math.max(last + 1, micros));
    }

    private @Nullable Member enter(Wish.Join join, WebSocket socket) {
        @Nullable Member[] entered = new @Nullable Member[1];
        // Under the map's lock, so that a room is never left empty and entered at the same time.
        rooms.compute(join.room(), (name, room) -> {
            Room there = room == null ? new Room(name, patience) : room;
            entered[0] = there.enter(join.nick(), socket);
            return there;
        });
        return entered[0];
    }

    private void leave(Member member) {
        rooms.compute(member.room.name, (name, room) -> member.room.leave(member) ? null : room);
    }
}
