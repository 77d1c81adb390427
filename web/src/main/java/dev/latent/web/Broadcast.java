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
 * hardly more. Thread-safe; members and senders may be of different executors. Filters are left out: a broadcast for each set of members says the same.
 *
 * <p><b>How it works.</b> {@link Hearers} knows the members and the messages. A {@link Delivery} goes once through the members, and writes to each what it is due if nobody else is
 * writing there: it stands in the queue of {@link Turns} as any sender does, so only one task at a time writes to a member, and moves its number. Where somebody else has the turn, he
 * sees at its end that something is due, and has the reader woken, who pays it as he pays a pong. The monitors of the hearers and of a socket are never held together, and nothing is woken under either.
 */
public final class Broadcast {
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

    final Hearers hearers;

    /** Tells those who wait for a place. */
    private final Notify places = Notify.create();

    private Broadcast(Kind kind, int capacity, int code, String reason, @Nullable Duration patience) {
        this.hearers = new Hearers(capacity);
        Frames.closePayload(code, reason);
        this.kind = kind;
        this.code = code;
        this.reason = reason;
        this.patience = patience;
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
        hearers.add(member);
        framed.hears(member);
        return member;
    }

    /** {@return how many members there are} */
    public int members() {
        return hearers.count();
    }

    /** A connection that hears a {@link Broadcast}, until it is closed or the connection ends. Closing it leaves the connection open. */
    public static final class Member implements Releasable {
        final Broadcast broadcast;
        final FramedSocket socket;

        /** Of the same socket, in another broadcast. */
        @Nullable
        Member next;

        /** The next four as {@link Hearers} tells. Its place among the members; {@link Hearers#LEFT}. */
        volatile int index;

        /** Nothing is written to it yet. */
        volatile boolean paused;

        /** Of the message that it begins next. */
        volatile long at;

        long missed;

        Member(Broadcast broadcast, FramedSocket socket, boolean paused) {
            this.broadcast = broadcast;
            this.socket = socket;
            this.paused = paused;
        }

        /** Lets a member hear that was {@linkplain Broadcast#joinPaused made paused}. */
        public void resume() {
            paused = false;
            socket.mayBeDue();
            broadcast.places.notifyWaiters(); // who waits for a place may help it now
        }

        /** {@return how many messages it has missed}, where slow members do */
        public long missed() {
            return broadcast.hearers.missedBy(this);
        }

        /** {@return whether it hears no more: it was closed, its connection has ended, or it was too slow} */
        public boolean hasLeft() {
            return index == Hearers.LEFT;
        }

        /** Leaves; what is half-way out is finished. Leaving twice does nothing. */
        @Override
        public void close() {
            broadcast.leave(this);
            socket.hearsNoMore(this);
            socket.keepShared();
        }

        /** {@return whether there is something for it}; a hint for who has not its turn */
        boolean isDue() {
            return at < broadcast.hearers.end() && !paused && index != Hearers.LEFT;
        }

        /** {@return whether the message that it has begun last is none of the last ones any more} */
        boolean hasBegunWhatIsGone() {
            return at - 1 < broadcast.hearers.oldest();
        }

        @Override
        public String toString() {
            return "member of " + broadcast;
        }
    }

    void leave(Member member) {
        if (hearers.remove(member)) {
            places.notifyWaiters();
        }
    }

    /** {@code member}, whose turn the caller has, has begun {@code many} messages from {@code from} on. */
    void begun(Member member, long from, int many) {
        if (hearers.begun(member, from, many)) {
            places.notifyWaiters();
        }
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
        synchronized (hearers) {
            if (kind != Kind.DROPS && hearers.isFull()) {
                if (kind == Kind.WAITS) {
                    return false;
                }
                hearers.removeSlow();
            }
            hearers.offer(message);
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
                long next = hearers.end();
                if (patience == null) {
                    await(freed());
                } else if (await(withTimeout(patience, freed())) instanceof Timed.TooLate) {
                    await(delivery()); // those who only wait to be written to are not slow
                    loseSlowest(next);
                }
            }
        });
    }

    private boolean waits() {
        return kind == Kind.WAITS && hearers.isFull();
    }

    private Future<Void> freed() {
        return async(() -> {
            while (true) {
                var told = places.notified();
                if (!waits()) {
                    return;
                }
                Member slow = hearers.slowest();
                if (slow == null) {
                    await(told);
                } else {
                    await(selectBiased(told, settle(Send.debts(slow.socket))));
                }
            }
        });
    }

    /** Closes those who have not let message {@code next} in, unless it is there now. */
    private void loseSlowest(long next) {
        synchronized (hearers) {
            if (hearers.isFull() && hearers.end() == next) {
                hearers.removeSlow();
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

    /** Closes the connections of those who were found to be too slow. */
    void sendSlowAway() {
        for (Member member : hearers.takeSlow()) {
            member.socket.hearsNoMore(member);
            member.socket.sendAway(code, reason);
        }
    }

    @Override
    public String toString() {
        return "Broadcast of " + hearers.capacity() + " messages to " + members() + " members, "
                + switch (kind) {
                    case DROPS -> "who miss the oldest";
                    case CLOSES -> "who are closed when they are slower";
                    case WAITS -> "who are waited for" + (patience == null ? "" : " " + patience.toMillis() + " ms");
                };
    }
}
