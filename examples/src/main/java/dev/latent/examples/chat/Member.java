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

    /** Who is at this node. */
    final @Nullable Here here;

    /** Told whether the name that was asked for is given. */
    volatile @Nullable CompletableFuture<Boolean> renaming;

    /** The number of the line that the bus did not take, with which they have to go on; 0 for none. Its connection's own. */
    long goesOnWith;

    /** Somebody at this node: a connection, whose ear hears what is said once it is resumed. */
    record Here(WebSocket socket, Broadcast.Member ear) {}

    Member(Room room, Event.Enters enters, long since, @Nullable Here here) {
        this.room = room;
        this.session = enters.session();
        this.by = enters.by();
        this.nick = enters.nick();
        this.since = since;
        this.here = here;
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

    boolean is(Event.Session other) {
        return session.equals(other);
    }
}
