package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.web.Broadcast;
import dev.latent.web.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where people talk: who is there, under which names, and what was said last. How everybody hears it is the {@link Broadcast}'s business.
 *
 * <p>Guarded by its monitor, which is never held while something is woken; so any executor may run the members. A line is remembered at the moment in which it becomes the
 * latest, and who comes gets what is remembered and hears all that comes later: nothing is missed, and nothing comes twice.
 */
final class Room {
    /** Lines that a member may be behind. */
    static final int LINES = 64;

    /** Lines that whoever comes is told, and all their characters. */
    static final int HISTORY = 50;

    static final int HISTORY_CHARS = 16_000;

    final Name name;
    private final Broadcast lines;
    private final Map<Name, Member> members = new LinkedHashMap<>();
    private final ArrayDeque<Line.Said> history = new ArrayDeque<>();
    private int historyChars;

    /**
     * An empty room.
     *
     * @param patience how long it waits for its slowest reader
     */
    Room(Name name, Duration patience) {
        this.name = name;
        this.lines = Broadcast.waiting(LINES, patience, Chat.POLICY, "you read too slowly");
    }

    /** {@return a member named {@code nick}, who hears what is said from now on; null when the name is taken} */
    synchronized @Nullable Member enter(Name nick, WebSocket socket) {
        if (members.containsKey(nick)) {
            return null;
        }
        Member member = new Member(this, nick, lines.joinPaused(socket), List.copyOf(history));
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
        boolean empty;
        synchronized (this) {
            members.remove(member.nick(), member);
            empty = members.isEmpty();
        }
        member.ear.close();
        return empty;
    }

    synchronized List<Name> nicks(int limit) {
        return members.keySet().stream().limit(limit).toList();
    }

    synchronized int size() {
        return members.size();
    }

    /**
     * {@return a future that tells everybody {@code line}; it waits for those who are {@value LINES} lines behind}
     *
     * <p><em>Cancel safety:</em> dropped while it waits, the line was not said.
     */
    Future<Void> say(Line line) {
        return async(() -> {
            while (!isSaid(line)) {
                await(lines.ready());
            }
            await(lines.delivery());
        });
    }

    private synchronized boolean isSaid(Line line) {
        if (!lines.offer(line.message())) {
            return false;
        }
        if (line.said() != null && !members.isEmpty()) {
            remember(line.said());
        }
        return true;
    }

    private void remember(Line.Said said) {
        history.add(said);
        historyChars += said.text().length();
        while (history.size() > HISTORY || historyChars > HISTORY_CHARS) {
            historyChars -= history.remove().text().length();
        }
    }
}
