package dev.latent.web;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.world.Clock;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the peer has said nothing while somebody waited for it, and what follows from that by the {@link WebSocketLimits}.
 *
 * <pre>
 *   QUIET --1--&gt; ASKED --2--&gt; given up      1 nothing for so long: pinged   2 nothing came by the deadline
 *     ^            |
 *     +-----3------+                        3 something came
 * </pre>
 *
 * <p>It lasts from one message to the next, whatever becomes of the receives between them: one that loses a select leaves it to the next, which goes on where that stopped. Only
 * while one of them waits does time pass here.
 */
final class Silence {
    private final FramedSocket socket;
    private final While turn = new While();
    private final While idle = new While();

    /** On its way while ASKED. */
    private @Nullable Send ping;

    private boolean asked;
    private int heard;

    /** Null while nobody waits. */
    private @Nullable Clock clock;

    private Silence(FramedSocket socket) {
        this.socket = socket;
        this.heard = socket.heard();
        WebSocketLimits limits = socket.limits();
        if (limits.pingEvery() != null) {
            turn.begin(limits.pingEvery());
        }
        if (limits.idleTimeout() != null) {
            idle.begin(limits.idleTimeout());
        }
    }

    /** {@return one that begins now; null where the peer may be silent for ever} */
    static @Nullable Silence of(FramedSocket socket) {
        WebSocketLimits limits = socket.limits();
        return limits.pingEvery() == null && limits.idleTimeout() == null ? null : new Silence(socket);
    }

    /** {@return whether the connection goes on} */
    boolean poll(Context cx) throws Exception {
        if (clock == null) {
            clock = cx.capability(Clock.class);
        }
        WebSocketLimits limits = socket.limits();
        Duration longest = limits.idleTimeout();
        if (longest != null && idle.isOver(cx, clock)) {
            socket.sendAway(WebSocketClosed.GOING_AWAY, "no message for " + longest.toMillis() + " ms");
            return false;
        }
        return limits.pingEvery() == null || pollPings(cx, clock, limits.pingEvery(), limits.pongWithin());
    }

    private boolean pollPings(Context cx, Clock now, Duration every, @Nullable Duration deadline) throws Exception {
        while (true) {
            if (ping != null) {
                pollPing(cx, ping);
            }
            if (!turn.isOver(cx, now)) {
                return true;
            }
            if (socket.heard() != heard) {
                heard = socket.heard();
                asked = false;
            } else if (!asked) {
                asked = true;
                if (ping == null) {
                    ping = socket.pinging();
                    Owners.claim(ping, this);
                }
            } else {
                socket.giveUp("no answer to a ping", null);
                return false;
            }
            turn.begin(asked && deadline != null ? deadline : every);
        }
    }

    private void pollPing(Context cx, Send sending) throws Exception {
        boolean waits = false;
        try {
            waits = !Owners.poll(sending, this, cx).isReady();
        } catch (IOException e) {
            // the reader finds the end by itself
        } finally {
            if (!waits) {
                ping = null;
            }
        }
    }

    /** Nobody waits any more, or for now. {@return a ping that is under way, to be {@linkplain #drop dropped} by who then is the reader no more} */
    @Nullable
    Send pause() {
        turn.pause();
        idle.pause();
        clock = null;
        Send left = ping;
        ping = null;
        if (left != null && asked && !left.begun) { // the next one asks anew
            asked = false;
            turn.begin(Duration.ZERO);
        }
        return left;
    }

    void drop(@Nullable Send left) {
        if (left != null) {
            Owners.drop(left, this);
        }
    }

    @Override
    public String toString() {
        return "silence on " + socket;
    }

    /** A time that passes only between a poll and a pause. */
    private final class While {
        /** Nanoseconds; while it passes, those at its latest start. */
        private long left;

        /** By the clock. */
        private long started;

        private @Nullable Future<Void> sleep;

        void begin(Duration length) {
            try {
                left = length.toNanos();
            } catch (ArithmeticException e) {
                left = Long.MAX_VALUE;
            }
        }

        boolean isOver(Context cx, Clock now) throws Exception {
            Future<Void> waiting = sleep;
            if (waiting == null) {
                waiting = Async.sleep(Duration.ofNanos(left));
                Owners.claim(waiting, Silence.this);
                started = now.nanoTime();
                sleep = waiting;
            }
            if (!Owners.poll(waiting, Silence.this, cx).isReady()) {
                return false;
            }
            sleep = null;
            return true;
        }

        void pause() {
            Future<Void> waiting = sleep;
            if (waiting != null && clock != null) {
                sleep = null;
                left = Math.max(0, left - (clock.nanoTime() - started));
                Owners.drop(waiting, Silence.this);
            }
        }
    }
}
