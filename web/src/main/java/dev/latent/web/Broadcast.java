package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.selectBiased;
import static dev.latent.Async.settle;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Releasable;
import dev.latent.Timed;
import dev.latent.sync.Notify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages to very many connections, each message encoded once and held once.
 *
 * {@snippet :
 * var news = Broadcast.closing(64, 1008, "you read too slowly");
 *
 * .webSocket("/news", socket -> async(() -> {
 *     try (var member = news.join(socket)) {
 *         while (true) handle(await(socket.receive()));
 *     }
 * }))
 *
 * await(news.send(PreparedMessage.text("sale")));
 * }
 *
 * <p>Members hear what is sent from their join on, in the order in which it was sent, and nothing twice. A member whose network takes no more now gets the rest as soon as it
 * does: whoever {@linkplain WebSocket#receive receives} on that connection sees to it, so somebody has to. One that is {@code capacity} messages
 * behind is slow, and what becomes of that is the broadcast's kind: it {@linkplain #dropOldest misses} the oldest, is
 * {@linkplain #closing closed}, or is {@linkplain #waiting waited for}. A member whose connection ends has left.
 *
 * <p><b>Memory.</b> The last {@code capacity} messages, as long as somebody has yet to begin them, and some 60 bytes for each member. Half a message that waits for a member's network is shared
 * as well; when it is no more one of the last, it counts to {@link WebServerBuilder#maxHeld} for that connection, which is given up where there is no more.
 *
 * <p>Beside {@link dev.latent.channel.Broadcast}, whose subscribers are woken, each of them, to take a message by themselves: here who sends also writes, so that a member costs a system call and
 * hardly more. Thread-safe; members and senders may be of different executors.
 *
 * <p><b>How it works.</b> Messages are numbered, and stand in a ring. A member knows the number of the message that it begins next. A {@link Delivery} goes once
 * through the members, from the last to the first, and writes to each what it is due if nobody else is writing there: it stands in the queue of {@link Outgoing} as any
 * sender does, so only one task at a time writes to a member, and moves its number. Where somebody else has the turn, he sees at its end that something is due, and has the reader woken, who pays it
 * as he pays a pong. Members are kept in an array, and the last one takes the place of one who leaves; so a walk downwards misses nobody who stays.
 *
 * <pre>
 *   message   outside --1--&gt; in the ring --2--&gt; gone     1 offer: as many have yet to begin it as there are members
 *                                                        2 the last of them has begun it, has left, or has missed it
 *   member    joined --3--&gt; due --4--&gt; up to date        3 offer   4 {@link #begun}: by who has its turn
 *             any --5--&gt; left                             5 close; the connection ended; too slow
 * </pre>
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code ring}, {@code unread}, {@code members}, {@code count}, {@code slow}, {@code Member.index}, {@code Member.missed}</td><td colspan="2">anyone</td><td>this monitor</td></tr>
 * <tr><td>{@code end}, {@code Member.at}</td><td>anyone; who has the member's turn</td><td>anyone</td><td>written under this monitor, volatile for a look without it</td></tr>
 * <tr><td>{@code Member.next}</td><td colspan="2">anyone</td><td>the socket's monitor</td></tr>
 * <tr><td>{@code Member.paused}</td><td>its owner</td><td>anyone</td><td>volatile</td></tr>
 * </table>
 *
 * <p>The socket's monitor and this one are never held together, and nothing is woken under either.
 */
public final class Broadcast {
    private static final int FIRST_LENGTH = 8;

    private enum Kind {
        DROPS,
        CLOSES,
        WAITS
    }

    private final Kind kind;
    private final int code;
    private final String reason;

    /** How long a full ring waits for its slowest; null for ever. */
    private final @Nullable Duration patience;

    /** Message n is at n modulo its length; null once it is gone. */
    private final @Nullable PreparedMessage[] ring;

    /** How many members have yet to begin the message at this place. */
    private final int[] unread;

    /** The number of the message to come. */
    private volatile long end;

    private @Nullable Member[] members = new @Nullable Member[FIRST_LENGTH];
    private int count;

    /** Have left, and don't know it yet. */
    private final List<Member> slow = new ArrayList<>(0);

    /** Tells those who wait for a place. */
    private final Notify places = Notify.create();

    private Broadcast(Kind kind, int capacity, int code, String reason, @Nullable Duration patience) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a broadcast that keeps " + capacity + " messages: at least 1");
        }
        Frames.closePayload(code, reason);
        this.kind = kind;
        this.code = code;
        this.reason = reason;
        this.patience = patience;
        this.ring = new @Nullable PreparedMessage[capacity];
        this.unread = new int[capacity];
    }

    /**
     * {@return a broadcast of which a slow member misses the oldest messages} It never waits. {@link Member#missed} counts them.
     *
     * @param capacity messages that a member may be behind
     */
    public static Broadcast dropOldest(int capacity) {
        return new Broadcast(Kind.DROPS, capacity, WebSocketClosed.NORMAL, "", null);
    }

    /**
     * {@return a broadcast that closes the connection of a slow member} It never waits. The member's next receive fails with {@link WebSocketClosed}, as where the peer had
     * broken the protocol.
     *
     * @param capacity messages that a member may be behind
     * @throws IllegalArgumentException when a close frame can't carry code and reason
     */
    public static Broadcast closing(int capacity, int code, String reason) {
        return new Broadcast(Kind.CLOSES, capacity, code, reason, null);
    }

    /**
     * {@return a broadcast that waits for slow members, as long as it takes} One who reads nothing stops everybody: see {@link WebSocket#keepAlive}, or give it a
     * {@linkplain #waiting(int, Duration, int, String) patience}.
     *
     * @param capacity messages that a member may be behind
     */
    public static Broadcast waiting(int capacity) {
        return new Broadcast(Kind.WAITS, capacity, WebSocketClosed.NORMAL, "", null);
    }

    /**
     * {@return a broadcast that waits for slow members, and closes the connection of one that has begun no message for {@code patience} while it was waited for}
     *
     * @param capacity messages that a member may be behind
     * @throws IllegalArgumentException when {@code patience} is not positive, or a close frame can't carry code and reason
     */
    public static Broadcast waiting(int capacity, Duration patience, int code, String reason) {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("a patience of " + patience);
        }
        return new Broadcast(Kind.WAITS, capacity, code, reason, patience);
    }

    // ---- members ----------------------------------------------------------------------------------------------------

    /**
     * {@return a new member, who hears what is sent from now on}
     *
     * @param socket of this library, of a server or a client; one that has ended makes a member that has left
     * @throws IllegalArgumentException when it is another's
     */
    public Member join(WebSocket socket) {
        return join(socket, false);
    }

    /**
     * {@return a member as of {@link #join}, to whom nothing is written until {@link Member#resume}} What is sent from now on waits for it, as for a slow one. So what a newcomer
     * has to know first can go out before, and nothing is missed in between.
     */
    public Member joinPaused(WebSocket socket) {
        return join(socket, true);
    }

    private Member join(WebSocket socket, boolean paused) {
        if (!(socket instanceof FramedSocket framed)) {
            throw new IllegalArgumentException("not a socket of WebServer or WebSocketClient: " + socket);
        }
        Member member = new Member(this, framed, paused);
        synchronized (this) {
            if (count == members.length) {
                members = Arrays.copyOf(members, 2 * count);
            }
            member.index = count;
            member.at = end;
            members[count++] = member;
        }
        framed.hears(member);
        return member;
    }

    /** {@return how many members there are} */
    public synchronized int members() {
        return count;
    }

    /** A connection that hears a {@link Broadcast}, until it is closed or the connection ends. Closing it leaves the connection open. */
    public static final class Member implements Releasable {
        private static final int LEFT = -1;

        final Broadcast broadcast;
        final FramedSocket socket;

        /** Of the same socket, in another broadcast. */
        @Nullable
        Member next;

        /** Its place among the members; {@link #LEFT}. */
        private volatile int index;

        private volatile boolean paused;

        /** Of the message that it begins next. */
        private volatile long at;

        private long missed;

        Member(Broadcast broadcast, FramedSocket socket, boolean paused) {
            this.broadcast = broadcast;
            this.socket = socket;
            this.paused = paused;
        }

        /** Lets a member hear that was {@linkplain Broadcast#joinPaused made paused}. */
        public void resume() {
            paused = false;
            socket.mayBeDue();
        }

        /** {@return how many messages it has missed}, where slow members do */
        public long missed() {
            return broadcast.missedBy(this);
        }

        /** {@return whether it hears no more: it was closed, its connection has ended, or it was too slow} */
        public boolean hasLeft() {
            return broadcast.hasLeft(this);
        }

        /** Leaves; what is half-way out is finished. Leaving twice does nothing. */
        @Override
        public void close() {
            broadcast.leave(this);
            socket.hearsNoMore(this);
            socket.keepShared();
        }

        long number() {
            return at;
        }

        /** {@return whether there is something for it}; a hint for who has not its turn */
        boolean isDue() {
            return at < broadcast.end && !paused && index != LEFT;
        }

        /** {@return whether the message that it has begun last is none of the last ones any more} */
        boolean hasBegunWhatIsGone() {
            return at - 1 < broadcast.end - broadcast.ring.length;
        }

        @Override
        public String toString() {
            return "member of " + broadcast;
        }
    }

    synchronized long missedBy(Member member) {
        return member.missed + Math.max(0, oldest() - member.at);
    }

    synchronized boolean hasLeft(Member member) {
        return member.index == Member.LEFT;
    }

    /** Edge 5. */
    void leave(Member member) {
        boolean freed;
        synchronized (this) {
            freed = remove(member);
        }
        if (freed) {
            places.notifyWaiters();
        }
    }

    /** {@return whether there is a new place in the ring} */
    private boolean remove(Member member) {
        int index = member.index;
        if (index == Member.LEFT) {
            return false;
        }
        member.index = Member.LEFT;
        Member last = Objects.requireNonNull(members[--count]);
        members[count] = null;
        if (last != member) {
            members[index] = last;
            last.index = index;
        }
        boolean wasFull = isFull();
        skip(member);
        pass(member, member.at, end);
        return wasFull && !isFull();
    }

    // ---- the ring, under the monitor --------------------------------------------------------------------------------

    private long oldest() {
        return end - ring.length;
    }

    private int place(long number) {
        return (int) (number % ring.length);
    }

    private boolean isFull() {
        return unread[place(end)] > 0;
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

    // ---- delivering -------------------------------------------------------------------------------------------------

    /** {@return the number of the message to come} */
    long end() {
        return end;
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

    /** Edge 4: {@code member}, whose turn the caller has, has begun {@code many} messages from {@code from} on. */
    void begun(Member member, long from, int many) {
        boolean freed;
        synchronized (this) {
            if (member.index == Member.LEFT) {
                return; // they were passed as it left
            }
            boolean wasFull = isFull();
            pass(member, from, from + many);
            freed = wasFull && !isFull();
        }
        if (freed) {
            places.notifyWaiters();
        }
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

    // ---- sending ----------------------------------------------------------------------------------------------------

    /**
     * {@return a future that sends {@code message} to all members: ready when each has got it, as far as its network takes it now, or is known to be due it}
     *
     * <p>Each member costs a unit of the budget, so very many members keep nobody else from being polled. Where slow members are waited for, it waits before it sends.
     *
     * <p><em>Cancel safety:</em> dropped while it waits, nothing is sent. Dropped later, the message is sent all the same: those who have not got it yet get it by their own readers.
     */
    public Future<Void> send(PreparedMessage message) {
        Objects.requireNonNull(message);
        return async(() -> {
            while (!offer(message)) {
                await(ready());
            }
            await(delivery());
        });
    }

    /**
     * Makes {@code message} the latest, without a wait, and wakes nobody; what follows is a {@link #delivery}. For who has something of his own to do in the same moment, under a lock perhaps;
     * else there is {@link #send}.
     *
     * <p><em>Memory effects:</em> what happened before is visible to who joins, and does not hear it.
     *
     * @return whether there was a place; there always is where slow members are not waited for
     */
    public boolean offer(PreparedMessage message) {
        Objects.requireNonNull(message);
        synchronized (this) {
            if (isFull()) {
                if (kind == Kind.WAITS) {
                    return false;
                }
                if (kind == Kind.CLOSES) {
                    removeSlowest();
                }
            }
            if (count > 0) {
                int place = place(end);
                ring[place] = message;
                unread[place] = count;
                end++;
            }
        }
        return true;
    }

    /**
     * {@return a future that is ready when there is a place for one more message} It helps those who are slowest: what they are due goes out though nobody receives there.
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    public Future<Void> ready() {
        return async(() -> {
            while (waits()) {
                long before = end;
                if (patience == null) {
                    await(freed());
                } else if (await(withTimeout(patience, freed())) instanceof Timed.TooLate) {
                    loseSlowest(before);
                }
            }
        });
    }

    private synchronized boolean waits() {
        return kind == Kind.WAITS && isFull();
    }

    private Future<Void> freed() {
        return async(() -> {
            while (true) {
                var told = places.notified();
                if (!waits()) {
                    return;
                }
                Member slow = slowest();
                if (slow == null) {
                    await(told);
                } else {
                    await(selectBiased(told, settle(Send.debts(slow.socket))));
                }
            }
        });
    }

    /** {@return one of those for whom a place is not free, and who can be helped} */
    private synchronized @Nullable Member slowest() {
        for (int i = 0; i < count; i++) {
            Member member = Objects.requireNonNull(members[i]);
            if (member.at <= oldest() && !member.paused) {
                return member;
            }
        }
        return null;
    }

    /** Closes those who have not let message {@code next} in, unless it is there now. */
    private void loseSlowest(long next) {
        synchronized (this) {
            if (isFull() && end == next) {
                removeSlowest();
            }
        }
        places.notifyWaiters();
        sendSlowAway();
    }

    /**
     * {@return a future that brings what was {@linkplain #offer offered} until now to the members, as {@link #send} does}
     *
     * <p><em>Cancel safety:</em> dropped, those who have not been reached get it by their own readers.
     */
    public Future<Void> delivery() {
        return new Delivery(this);
    }

    /** Those who have not begun the oldest message leave, and are to be {@linkplain #sendSlowAway sent away}. */
    private void removeSlowest() {
        int before = slow.size();
        for (int i = 0; i < count; i++) {
            Member member = Objects.requireNonNull(members[i]);
            if (member.at <= oldest()) {
                slow.add(member);
            }
        }
        for (int i = before; i < slow.size(); i++) {
            remove(slow.get(i));
        }
    }

    void sendSlowAway() {
        List<Member> leaving;
        synchronized (this) {
            if (slow.isEmpty()) {
                return;
            }
            leaving = List.copyOf(slow);
            slow.clear();
        }
        for (Member member : leaving) {
            member.socket.hearsNoMore(member);
            member.socket.sendAway(code, reason);
        }
    }

    @Override
    public String toString() {
        return "Broadcast of " + ring.length + " messages to " + members() + " members, "
                + switch (kind) {
                    case DROPS -> "who miss the oldest";
                    case CLOSES -> "who are closed when they are slower";
                    case WAITS -> "who are waited for" + (patience == null ? "" : " " + patience.toMillis() + " ms");
                };
    }
}
