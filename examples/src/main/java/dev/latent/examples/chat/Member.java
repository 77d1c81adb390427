package dev.latent.examples.chat;

import dev.latent.web.Broadcast;
import dev.latent.web.WebSocket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody in a {@link Room}, at this node or another. */
final class Member {
    final Room room;
    final Event.Session session;
    final @Nullable String by;

    /** The number of the event by which this one came. */
    final long since;

    /** Guarded by the room's monitor. */
    private Name nick;

    /** The connection of who is at this node. */
    final @Nullable WebSocket socket;

    /** Of who is at this node: hears what is said once it is resumed. */
    final Broadcast.@Nullable Member ear;

    /** Told whether the name that was asked for is given. */
    volatile @Nullable CompletableFuture<Boolean> renaming;

    /** Whether the bus did not take their last line. Its connection's own. */
    boolean refuses;

    Member(Room room, Event.Enters enters, long since, @Nullable WebSocket socket, Broadcast.@Nullable Member ear) {
        this.room = room;
        this.session = enters.session();
        this.by = enters.by();
        this.nick = enters.nick();
        this.since = since;
        this.socket = socket;
        this.ear = ear;
    }

    Name nick() {
        synchronized (room) {
            return nick;
        }
    }

    void nick(Name name) {
        synchronized (room) {
            nick = name;
        }
    }

    /** Hears no more, if it is at this node. */
    void silence() {
        if (ear != null) {
            ear.close();
        }
    }

    boolean is(Event.Session other) {
        return session.equals(other);
    }
}
