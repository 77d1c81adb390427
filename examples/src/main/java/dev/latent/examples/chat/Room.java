package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;

import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.sync.Notify;
import dev.latent.web.Broadcast;
import dev.latent.web.PreparedMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where people talk: who is there, under which names, and what was said last. How everybody hears it is the {@link Broadcast}'s business.
 *
 * <p>What happens in it comes from the {@link Bus}, to every node the same in the same order, and the rules look at nothing else; so all nodes are of one mind on who has a name, and nobody is asked.
 * A room is one task at a time: events {@link #hear queue up}, and {@link #run} applies the one after the other. It waits for slow readers, and while it does nobody else has to.
 *
 * <p>A line is remembered at the moment in which it becomes the latest, and who comes gets what is remembered and hears all that comes later: both are done by that task, so
 * nothing is missed, and nothing comes twice. Where an event fails half-way, for want of memory, this node's people are sent away, and the room forgets: they come back, here or elsewhere, and what they have
 * missed is the history's to tell, or is said to be missing.
 *
 * <p>Who reads and writes what: members and recent lines are written by the task under the monitor, and read under it by anybody; the queue is everybody's under the monitor, which is never held
 * while something is woken. {@code holds} is guarded by the node's map of rooms, whose lock is taken before the monitor.
 */
final class Room {
    /** Lines that a member may be behind; events that may wait before those who talk at this node do. */
    static final int LINES = 64;

    /** Lines that whoever comes is told, and all their characters. */
    static final int HISTORY = 50;

    static final int HISTORY_CHARS = 16_000;

    /** Events that may wait beside one for each member: from here on it is given up that this node's people keep up with other nodes'. */
    private static final int MOST_DUE = 1_024;

    final Name name;
    private final Node node;
    private final Broadcast lines;
    private final Notify places = Notify.create();
    private final Map<Name, Member> members = new LinkedHashMap<>();
    private final ArrayDeque<Said> recent = new ArrayDeque<>();
    private int recentChars;

    /** All that was said after this number is in {@link #recent}. */
    private long floor;

    private final ArrayDeque<Bus.Entry> due = new ArrayDeque<>();

    /** Whether there is a task for what is due. */
    private boolean runs;

    /** Connections that want it to stay. */
    int holds;

    /**
     * An empty room.
     *
     * @param floor the number of the last event that it does not hear
     * @param patience how long it waits for its slowest reader
     */
    Room(Name name, Node node, long floor, Duration patience) {
        this.name = name;
        this.node = node;
        this.floor = floor;
        this.lines = Broadcast.waiting(LINES, patience, Chat.POLICY, "you read too slowly");
    }

    // ---- what happens -----------------------------------------------------------------------------------------------

    /** {@return whether it is to be {@linkplain #run run} now, since it was not} */
    synchronized boolean hear(Bus.Entry entry) {
        due.add(entry);
        boolean begins = !runs;
        runs = true;
        return begins;
    }

    /** {@return a future that applies what is due} What fails in it does not keep it from what comes after, and is thrown at the end. */
    Future<Void> run() {
        return async(() -> {
            Throwable failed = null;
            try {
                for (Bus.Entry entry = next(); entry != null; entry = next()) {
                    if (isFarBehind()) {
                        everybodyAway();
                    }
                    if (await(settle(happens(entry))) instanceof Outcome.Failed<Void>(var cause)) {
                        failed = failed == null ? cause : failed;
                        forget(entry.number());
                        everybodyAway();
                    }
                    places.notifyWaiters();
                }
            } catch (Throwable t) { // as when there is no memory for that either
                rest();
                throw t;
            }
            node.tidy(this);
            if (failed != null) {
                throw new IllegalStateException(
                        "something that happened in " + name + " was not told to its end", failed);
            }
        });
    }

    /** What is due waits for what comes next. */
    private synchronized void rest() {
        runs = false;
    }

    private Future<Void> happens(Bus.Entry entry) {
        return async(() -> {
            if (entry.event() instanceof Event.Says says) {
                await(say(Said.of(entry.number(), says)));
            } else {
                for (PreparedMessage message : apply(entry)) {
                    await(tell(message));
                }
            }
        });
    }

    private synchronized Bus.@Nullable Entry next() {
        Bus.Entry next = due.poll();
        runs = next != null;
        return next;
    }

    private Future<Void> say(Said said) {
        PreparedMessage message = Protocol.said(said);
        return async(() -> {
            if (isSaidToNobody(said.number())) {
                return;
            }
            while (!lines.offer(message)) {
                await(lines.ready());
            }
            remember(said);
            await(lines.delivery());
        });
    }

    private Future<Void> tell(PreparedMessage message) {
        return async(() -> {
            while (!lines.offer(message)) {
                await(lines.ready());
            }
            await(lines.delivery());
        });
    }

    /** {@return what everybody is told about it} */
    private List<PreparedMessage> apply(Bus.Entry entry) {
        return switch (entry.event()) {
            case Event.Enters enters -> enter(enters, entry.number());
            case Event.Leaves(var _, var nick, var session) -> leave(nick, session);
            case Event.Renames(var _, var nick, var now, var session) -> rename(nick, now, session);
            case Event.Gone(var gone) -> leaveAll(gone, entry.number());
            case Event.Weather(var fair) -> List.of(Protocol.weather(fair));
            case Event.Others(var places) -> List.of(Protocol.others(places));
            default -> List.of();
        };
    }

    private List<PreparedMessage> enter(Event.Enters enters, long number) {
        long since = enters.since() == 0 ? number : enters.since();
        Arrival arrival = node.arrivals.get(enters.session());
        Member before;
        Member known;
        synchronized (this) {
            before = members.get(enters.nick());
            known = before != null && before.is(enters.session()) || enters.since() == 0
                    ? before
                    : find(enters.nick(), enters.session());
        }
        if (known != null && known.is(enters.session())) {
            return before != null ? List.of() : renamed(known, enters.nick());
        }
        if (arrival == null) {
            node.mayHaveLeft(enters);
        }
        boolean isSame = before != null && before.by != null && before.by.equals(enters.by());
        if (before != null && !isSame && before.since < since) {
            if (arrival != null) {
                arrival.entered().complete(Optional.empty());
            }
            return List.of();
        }
        if (before != null) {
            node.sendAway(before, isSame ? Chat.Goodbye.ELSEWHERE : Chat.Goodbye.TAKEN);
            remove(before);
        }
        Member member = arrival == null
                ? new Member(this, enters, since, null, null)
                : new Member(this, enters, since, arrival.socket(), lines.joinPaused(arrival.socket()));
        Arrival.Entered entered;
        synchronized (this) {
            members.put(enters.nick(), member);
            entered = new Arrival.Entered(member, List.copyOf(recent), floor);
        }
        if (arrival != null) {
            arrival.entered().complete(Optional.of(entered));
        }
        return isSame ? List.of() : List.of(Protocol.joined(enters.nick()));
    }

    private List<PreparedMessage> leave(Name nick, Event.Session session) {
        Member member = find(nick, session);
        if (member == null) {
            return List.of();
        }
        remove(member);
        return List.of(Protocol.left(member.nick()));
    }

    private List<PreparedMessage> leaveAll(String gone, long before) {
        List<PreparedMessage> told = new ArrayList<>();
        for (Member member : all()) {
            if (member.session.node().equals(gone) && member.since < before) {
                // If that was this node, and it is alive after all, they come back.
                node.sendAway(member, Chat.Goodbye.GONE);
                remove(member);
                told.add(Protocol.left(member.nick()));
            }
        }
        return told;
    }

    private List<PreparedMessage> rename(Name nick, Name now, Event.Session session) {
        Member member = find(nick, session);
        if (member == null) {
            return List.of();
        }
        Member owner = member(now);
        boolean isFree = owner == null || owner == member;
        List<PreparedMessage> told = isFree ? renamed(member, now) : List.of();
        var renaming = member.renaming;
        if (renaming != null) {
            renaming.complete(isFree);
        }
        return told;
    }

    private synchronized List<PreparedMessage> renamed(Member member, Name now) {
        Name before = member.nick();
        members.remove(before, member);
        member.nick(now);
        members.put(now, member);
        return List.of(Protocol.renamed(before, now));
    }

    private void remove(Member member) {
        synchronized (this) {
            members.remove(member.nick(), member);
        }
        member.silence();
    }

    /** Nothing is remembered then: who comes is to look into the history. */
    private synchronized boolean isSaidToNobody(long number) {
        if (!members.isEmpty()) {
            return false;
        }
        forget(number);
        return true;
    }

    /** What this node tells itself is numbered by where it was then, which may be before the last line. */
    private synchronized void forget(long number) {
        floor = Math.max(number, recent.isEmpty() ? floor : recent.getLast().number());
        recent.clear();
        recentChars = 0;
    }

    private synchronized void remember(Said said) {
        recent.add(said);
        recentChars += said.text().length();
        while (recent.size() > HISTORY || recentChars > HISTORY_CHARS) {
            Said oldest = recent.remove();
            recentChars -= oldest.text().length();
            floor = oldest.number();
        }
    }

    /** {@return the last lines of both, as many as whoever comes is told} */
    static List<Said> last(List<Said> earlier, List<Said> later) {
        ArrayDeque<Said> last = new ArrayDeque<>();
        int chars = 0;
        List<Said> all = new ArrayList<>(earlier);
        all.addAll(later);
        for (Said said : all.reversed()) {
            chars += said.text().length();
            if (last.size() == HISTORY || chars > HISTORY_CHARS) {
                break;
            }
            last.addFirst(said);
        }
        return List.copyOf(last);
    }

    /** {@return what it remembers} */
    synchronized List<Said> recent() {
        return List.copyOf(recent);
    }

    /** {@return the number after which it remembers everything} */
    synchronized long floor() {
        return floor;
    }

    // ---- who is there -----------------------------------------------------------------------------------------------

    private synchronized @Nullable Member find(Name nick, Event.Session session) {
        Member member = members.get(nick);
        if (member != null && member.is(session)) {
            return member;
        }
        for (Member each : members.values()) {
            if (each.is(session)) {
                return each;
            }
        }
        return null;
    }

    private synchronized @Nullable Member member(Name nick) {
        return members.get(nick);
    }

    synchronized List<Member> all() {
        return List.copyOf(members.values());
    }

    synchronized List<Name> nicks(int limit) {
        return members.keySet().stream().limit(limit).toList();
    }

    synchronized int size() {
        return members.size();
    }

    /** {@return whether nothing is due} */
    synchronized boolean isQuiet() {
        return due.isEmpty() && !runs;
    }

    /** {@return whether nobody would miss it} */
    synchronized boolean isIdle() {
        return members.isEmpty() && isQuiet();
    }

    // ---- who is too slow --------------------------------------------------------------------------------------------

    /** {@return a future that is ready when it is not behind, so that those who talk here talk no faster than all can read} */
    Future<Void> place() {
        return async(() -> {
            while (isBehind()) {
                var told = places.notified();
                if (isBehind()) {
                    await(told);
                } else {
                    told.drop();
                }
            }
        });
    }

    private synchronized boolean isBehind() {
        return due.size() >= LINES;
    }

    private synchronized boolean isFarBehind() {
        return due.size() > MOST_DUE + members.size();
    }

    /** Those at this node come back, and get what they have missed from the history. */
    private void everybodyAway() {
        for (Member member : all()) {
            node.sendAway(member, Chat.Goodbye.BEHIND);
        }
    }
}
