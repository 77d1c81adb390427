package dev.latent.examples.chat;

import dev.latent.web.Broadcast;
import java.util.List;

/** Somebody in a {@link Room}. */
final class Member {
    final Room room;

    /** Hears what is said once it is resumed. */
    final Broadcast.Member ear;

    /** What was said last before this one came. */
    final List<Line.Said> history;

    /** Guarded by the room's monitor. */
    private Name nick;

    Member(Room room, Name nick, Broadcast.Member ear, List<Line.Said> history) {
        this.room = room;
        this.nick = nick;
        this.ear = ear;
        this.history = history;
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
}
