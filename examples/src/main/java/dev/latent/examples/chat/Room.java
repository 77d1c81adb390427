package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Timed;
import dev.latent.Waker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where people talk: a ring of lines, encoded once, that every member reads at its own pace.
 *
 * <p>A member costs its place in the ring and nothing else; no queue of its own grows while it reads slowly. When the ring is full
 * whoever wants to speak waits, and so does, by TCP, the program that sent the line. Those who read nothing for {@link #patience} are
 * given up, and the others go on.
 *
 * <p>Guarded by its monitor, which is never held while something is woken; so any executor may run the members.
 */
final class Room {
    /** Lines that a member may be behind. */
    static final int LINES = 64;

    /** Lines that whoever comes is told, and all their characters. */
    static final int HISTORY = 50;

    static final int HISTORY_CHARS = 16_000;

    final Name name;

    /** How long a full ring waits for its slowest reader. */
    private final Duration patience;

    private final @Nullable Line[] lines = new Line[LINES];

    /** How many members have yet to read the line at this place. */
    private final int[] unread = new int[LINES];

    private final Map<Name, Member> members = new LinkedHashMap<>();
    private final ArrayDeque<Line.Said> history = new ArrayDeque<>();
    private int historyChars;
    private final List<Say> waiting = new ArrayList<>();

    /** The number of the line to be written next. */
    private long end;

    Room(Name name, Duration patience) {
        this.name = name;
        this.patience = patience;
    }

    /** {@return a member named {@code nick}, who will read what is said from now on; null when the name is taken} */
    synchronized @Nullable Member enter(Name nick) {
        if (members.containsKey(nick)) {
            return null;
        }
        Member member = new Member(this, nick, end, List.copyOf(history));
        members.put(nick, member);
        return member;
    }

    /** {@return whether {@code member} is called {@code nick} from now on; not when somebody else is} */
    synchronized boolean rename(Member member, Name nick) {
        Member owner = members.get(nick);
        if (owner != null && owner != member || !members.remove(member.nick(), member)) {
            return false;
        }
        member.nick(nick);
        members.put(nick, member);
        return true;
    }

    /** {@return whether the room is empty now} */
    boolean leave(Member member) {
        List<Waker> speakers;
        boolean empty;
        synchronized (this) {
            speakers = giveUp(member);
            empty = members.isEmpty();
        }
        wake(speakers);
        return empty;
    }

    synchronized List<Name> nicks(int limit) {
        return members.keySet().stream().limit(limit).toList();
    }

    synchronized int size() {
        return members.size();
    }

    /**
     * {@return a future that is ready when {@code line} is in the ring; it waits while that is full}
     *
     * <p><em>Cancel safety:</em> dropped, the line was not said.
     */
    Future<Void> say(Line line) {
        return async(() -> {
            while (!offer(line)) {
                if (await(withTimeout(patience, new Say(line))) instanceof Timed.InTime) {
                    return;
                }
                giveUpTheSlowest();
            }
        });
    }

    private boolean offer(Line line) {
        List<Waker> readers;
        synchronized (this) {
            int place = (int) (end % LINES);
            if (unread[place] > 0) {
                return false;
            }
            if (members.isEmpty()) {
                return true;
            }
            lines[place] = line;
            unread[place] = members.size();
            end++;
            remember(line.said());
            readers = new ArrayList<>(members.size());
            for (Member member : members.values()) {
                if (member.waker != null) {
                    readers.add(member.waker);
                    member.waker = null;
                }
            }
        }
        wake(readers);
        return true;
    }

    private void remember(Line.@Nullable Said said) {
        if (said == null) {
            return;
        }
        history.add(said);
        historyChars += said.text().length();
        while (history.size() > HISTORY || historyChars > HISTORY_CHARS) {
            historyChars -= history.remove().text().length();
        }
    }

    /** {@return the line that {@code member} reads next; null when there is none yet, then {@code waker} will be woken} */
    @Nullable
    Line read(Member member, Waker waker) {
        Line line;
        List<Waker> speakers;
        synchronized (this) {
            if (member.at == end || member.tooSlow) {
                member.waker = waker;
                return null;
            }
            line = lines[(int) (member.at % LINES)];
            speakers = pass(member);
        }
        wake(speakers);
        return line;
    }

    synchronized void stopWaiting(Member member) {
        member.waker = null;
        member.slowWaker = null;
    }

    /** {@return whether it has; if not, {@code waker} is told when it does} */
    synchronized boolean hasGivenUp(Member member, Waker waker) {
        member.slowWaker = waker;
        return member.tooSlow;
    }

    /** Counts a line as read. {@return who may speak now} */
    private List<Waker> pass(Member member) {
        int place = (int) (member.at++ % LINES);
        if (--unread[place] > 0) {
            return List.of();
        }
        lines[place] = null;
        return speakers();
    }

    private List<Waker> speakers() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Waker> wakers = new ArrayList<>(waiting.size());
        for (Say say : waiting) {
            wakers.add(say.waker);
        }
        return wakers;
    }

    /** {@return who may speak now that {@code member}'s lines need not be read} */
    private List<Waker> giveUp(Member member) {
        if (!members.remove(member.nick(), member)) {
            return List.of();
        }
        List<Waker> speakers = List.of();
        while (member.at < end) {
            List<Waker> now = pass(member);
            speakers = now.isEmpty() ? speakers : now;
        }
        return speakers;
    }

    private void giveUpTheSlowest() {
        List<Waker> wakers = new ArrayList<>();
        synchronized (this) {
            for (Member member : List.copyOf(members.values())) {
                if (member.at <= end - LINES) {
                    member.tooSlow = true;
                    wakers.addAll(giveUp(member));
                    if (member.slowWaker != null) {
                        wakers.add(member.slowWaker);
                    }
                }
            }
        }
        wake(wakers);
    }

    private static void wake(List<Waker> wakers) {
        for (Waker waker : wakers) {
            waker.wake();
        }
    }

    /** Waits for a place in the ring, and takes it. */
    private final class Say extends OwnedFuture<Void> {
        private final Line line;
        private Waker waker = Waker.noop();

        Say(Line line) {
            this.line = line;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            synchronized (Room.this) {
                waker = cx.waker();
                if (!waiting.contains(this)) {
                    waiting.add(this);
                }
            }
            if (!offer(line)) {
                return Poll.pending();
            }
            dropOwned();
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            synchronized (Room.this) {
                waiting.remove(this);
            }
        }

        @Override
        public String toString() {
            return "saying something in " + name;
        }
    }
}
