package dev.latent.examples.chat;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody in a {@link Room}, and how far they have read. All of it is guarded by the room's monitor. */
final class Member {
    final Room room;

    /** What was said last before this one came. */
    final List<Line.Said> history;

    private Name nick;

    /** The number of the line to be read next. */
    long at;

    /** Of the {@link #next} that waits. */
    @Nullable
    Waker waker;

    /** Everybody waited for this one too long, and the room has taken its lines back. */
    boolean tooSlow;

    /** Of the {@link #givenUp} that waits. */
    @Nullable
    Waker slowWaker;

    Member(Room room, Name nick, long at, List<Line.Said> history) {
        this.room = room;
        this.nick = nick;
        this.at = at;
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

    /**
     * {@return a future of the next line; there is none once the room has given this member up}
     *
     * <p><em>Cancel safety:</em> dropped, no line is lost.
     */
    Future<Line> next() {
        return new Next();
    }

    /**
     * {@return a future that is ready once the room has given this member up}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Void> givenUp() {
        return new GivenUp();
    }

    private final class GivenUp extends OwnedFuture<Void> {
        @Override
        protected Poll<Void> pollOwned(Context cx) {
            return room.hasGivenUp(Member.this, cx.waker()) ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            room.stopWaiting(Member.this);
        }

        @Override
        public String toString() {
            return "patience with " + nick();
        }
    }

    private final class Next extends OwnedFuture<Line> {
        @Override
        protected Poll<Line> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            Line line = room.read(Member.this, cx.waker());
            return line == null ? Poll.pending() : Poll.ready(line);
        }

        @Override
        protected void dropOwned() {
            room.stopWaiting(Member.this);
        }

        @Override
        public String toString() {
            return "the next line for " + nick();
        }
    }
}
