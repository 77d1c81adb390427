package dev.latent.web;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the peer has said nothing while one {@link Receive} waits for it, and what follows from that by the {@link WebSocketLimits}.
 *
 * <pre>
 *   QUIET --1--&gt; ASKED --2--&gt; given up      1 nothing for so long: pinged   2 nothing came by the deadline
 *     ^            |
 *     +-----3------+                        3 something came
 * </pre>
 */
final class Silence {
    private final FramedSocket socket;
    private @Nullable Future<Void> turn;
    private @Nullable Future<Void> idle;

    /** On its way while ASKED. */
    private @Nullable Future<Void> ping;

    private boolean asked;
    private int heard;

    private Silence(FramedSocket socket) {
        this.socket = socket;
        this.heard = socket.heard();
    }

    /** {@return one for a receive that begins to wait; null where the peer may be silent for ever} */
    static @Nullable Silence of(FramedSocket socket) {
        WebSocketLimits limits = socket.limits();
        return limits.pingEvery() == null && limits.idleTimeout() == null ? null : new Silence(socket);
    }

    /** {@return whether the connection goes on} */
    boolean poll(Context cx) throws Exception {
        WebSocketLimits limits = socket.limits();
        Duration longest = limits.idleTimeout();
        if (longest != null) {
            Future<Void> waiting = idle == null ? idle = claimed(Async.sleep(longest)) : idle;
            if (Owners.poll(waiting, this, cx).isReady()) {
                idle = null;
                socket.sendAway(WebSocketClosed.GOING_AWAY, "no message for " + longest.toMillis() + " ms");
                return false;
            }
        }
        return limits.pingEvery() == null || pollPings(cx, limits.pingEvery(), limits.pongWithin());
    }

    private boolean pollPings(Context cx, Duration every, @Nullable Duration deadline) throws Exception {
        while (true) {
            if (ping != null) {
                pollPing(cx, ping);
            }
            Future<Void> waiting = turn;
            if (waiting == null) {
                waiting = claimed(Async.sleep(asked && deadline != null ? deadline : every));
                turn = waiting;
            }
            if (!Owners.poll(waiting, this, cx).isReady()) {
                return true;
            }
            turn = null;
            if (socket.heard() != heard) {
                heard = socket.heard();
                asked = false;
            } else if (!asked) {
                asked = true;
                ping = ping == null ? claimed(socket.ping()) : ping;
            } else {
                socket.giveUp("no answer to a ping", null);
                return false;
            }
        }
    }

    private void pollPing(Context cx, Future<Void> sending) throws Exception {
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

    private Future<Void> claimed(Future<Void> future) {
        Owners.claim(future, this);
        return future;
    }

    void drop() {
        drop(turn);
        drop(idle);
        drop(ping);
    }

    private void drop(@Nullable Future<Void> future) {
        if (future != null) {
            Owners.drop(future, this);
        }
    }

    @Override
    public String toString() {
        return "silence on " + socket;
    }
}
