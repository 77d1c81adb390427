package dev.latent.web;

import dev.latent.web.Broadcast.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who hears a {@link Broadcast}, and the messages that somebody has yet to begin.
 *
 * <p>Messages are numbered, and stand in a ring. A member knows the number of the message that it begins next. Members are kept in an array, and the last one takes the place of one
 * who leaves; so a walk downwards misses nobody who stays.
 *
 * <pre>
 *   message   outside --1--&gt; in the ring --2--&gt; gone     1 {@link #offer}: as many have yet to begin it as there are members
 *                                                        2 the last of them has begun it, has left, or has missed it
 *   member    up to date --3--&gt; due                      3 offer
 *             due --4--&gt; up to date                      4 {@link #begun}: by who has its turn
 *             any --5--&gt; left                            5 {@link #remove}: closed; the connection ended; too slow
 * </pre>
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code ring}, {@code unread}, {@code members}, {@code count}, {@code slow}, {@code Member.missed}</td><td colspan="2">anyone</td><td>this monitor</td></tr>
 * <tr><td>{@code end}, {@code Member.at}, {@code Member.index}</td><td>anyone; {@code at}: who has the member's turn</td><td>anyone</td><td>written under this monitor, volatile for a look without it</td></tr>
 * </table>
 *
 * <p>Nothing foreign is called under it, and nothing is woken.
 */
final class Hearers {
    private static final int FIRST_LENGTH = 8;

    /** Of a member that has left. */
    static final int LEFT = -1;

    /** Message n is at n modulo its length; null once it is gone. */
    private final @Nullable PreparedMessage[] ring;

    /** How many members have yet to begin the message at this place. */
    private final int[] unread;

    /** The number of the message to come. */
    private volatile long end;

    private @Nullable Member[] members = new @Nullable Member[FIRST_LENGTH];
    private int count;

    /** Have left since they were too slow, and don't know it yet. */
    private final List<Member> slow = new ArrayList<>(0);

    Hearers(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a broadcast that keeps " + capacity + " messages: at least 1");
        }
        ring = new @Nullable PreparedMessage[capacity];
        unread = new int[capacity];
    }

    int capacity() {
        return ring.length;
    }

    long end() {
        return end;
    }

    /** {@return the number of the oldest message that may be there} */
    long oldest() {
        return end - ring.length;
    }

    private int place(long number) {
        return (int) (number % ring.length);
    }

    /** {@return whether the next message would take the place of one that somebody has yet to begin} */
    synchronized boolean isFull() {
        return isTaken();
    }

    private boolean isTaken() {
        return unread[place(end)] > 0;
    }

    // ---- members ----------------------------------------------------------------------------------------------------

    synchronized int count() {
        return count;
    }

    synchronized void add(Member member) {
        if (count == members.length) {
            members = Arrays.copyOf(members, 2 * count);
        }
        member.index = count;
        member.at = end;
        members[count++] = member;
    }

    /** Edge 5. {@return whether there is a new place in the ring} */
    synchronized boolean remove(Member member) {
        int index = member.index;
        if (index == LEFT) {
            return false;
        }
        member.index = LEFT;
        Member last = Objects.requireNonNull(members[--count]);
        members[count] = null;
        if (last != member) {
            members[index] = last;
            last.index = index;
        }
        boolean wasFull = isTaken();
        skip(member);
        pass(member, member.at, end);
        return wasFull && !isTaken();
    }

    synchronized long missedBy(Member member) {
        return member.missed + (member.index == LEFT ? 0 : Math.max(0, oldest() - member.at));
    }

    /** Puts those below {@code cursor}, the last of them first, into {@code chunk}. {@return the new cursor} */
    synchronized int membersBelow(int cursor, @Nullable Member[] chunk) {
        int from = Math.min(cursor, count);
        int many = Math.min(from, chunk.length);
        for (int i = 0; i < many; i++) {
            chunk[i] = members[from - 1 - i];
        }
        return from - many;
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    /** Edge 1. It goes to nobody where there are no members. */
    synchronized void offer(PreparedMessage message) {
        if (count > 0) {
            int place = place(end);
            ring[place] = message;
            unread[place] = count;
            end++;
        }
    }

    /** Puts what {@code member}, whose turn the caller has, is to begin next into {@code batch}, in its order. */
    synchronized void collect(Member member, Batch batch) {
        if (!member.isDue()) {
            batch.start(member.at, end);
            return;
        }
        skip(member);
        batch.start(member.at, end);
        for (long n = member.at; n < end && batch.hasRoom(); n++) {
            batch.add(Objects.requireNonNull(ring[place(n)]));
        }
    }

    /**
     * Edge 4: {@code member}, whose turn the caller has, has begun {@code many} messages from {@code from} on.
     *
     * @return whether there is a new place in the ring
     */
    synchronized boolean begun(Member member, long from, int many) {
        if (member.index == LEFT) {
            return false; // they were passed as it left
        }
        boolean wasFull = isTaken();
        pass(member, from, from + many);
        return wasFull && !isTaken();
    }

    /** Counts what it has missed, and goes on with the oldest that there is. */
    private void skip(Member member) {
        if (member.at < oldest()) {
            member.missed += oldest() - member.at;
            member.at = oldest();
        }
    }

    /** Edge 2, of those from {@code from} to before {@code to} that are still there. */
    private void pass(Member member, long from, long to) {
        for (long n = Math.max(from, oldest()); n < to; n++) {
            int place = place(n);
            if (--unread[place] == 0) {
                ring[place] = null;
            }
        }
        member.at = to;
    }

    // ---- slow members -----------------------------------------------------------------------------------------------

    private boolean isSlow(Member member) {
        return member.at <= oldest();
    }

    /** {@return one of those for whom a place is not free, and who can be helped} */
    synchronized @Nullable Member slowest() {
        for (int i = 0; i < count; i++) {
            Member member = Objects.requireNonNull(members[i]);
            if (isSlow(member) && !member.paused) {
                return member;
            }
        }
        return null;
    }

    /** Those who have not begun the oldest message leave, and are to be told so. */
    synchronized void removeSlow() {
        int before = slow.size();
        for (int i = 0; i < count; i++) {
            Member member = Objects.requireNonNull(members[i]);
            if (isSlow(member)) {
                slow.add(member);
            }
        }
        for (int i = before; i < slow.size(); i++) {
            remove(slow.get(i));
        }
    }

    /** {@return those who were too slow, each of them once} */
    synchronized List<Member> takeSlow() {
        if (slow.isEmpty()) {
            return List.of();
        }
        List<Member> all = List.copyOf(slow);
        slow.clear();
        return all;
    }
}
