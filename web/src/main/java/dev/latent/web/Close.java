package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@link WebSocket#close(int, String)}: a close handshake that ends in time.
 *
 * <pre>
 *  SENDING --0--&gt; PAYING --1--&gt; DRAINING --2--&gt; SHUTTING --3--&gt; DISCARDING --4--&gt; CUTTING --5--&gt; ready
 *                                   +------------2'----------------^                     ^
 *                                   +------------2"--------------------------------------+
 *  0  our close frame is out, or has become pointless: the peer has closed, or erred
 *  1  the frame that another task was in the middle of is out, and the answer to the peer; or they can't go out any more
 *  2  the peer broke the protocol: a reset would take our close frame from it, so we take in what it still sends
 *  2' both close frames are through, and this is the client: the server ends the connection
 *  2" both are through, and this is the server; or the connection is gone
 *  3  sending half closed    4  the peer has ended the connection    5  socket closed
 *  The close timeout leads from every state to CUTTING.
 * </pre>
 */
final class Close extends Reading<Void> {
    private enum State {
        NEW,
        SENDING,
        PAYING,
        DRAINING,
        SHUTTING,
        DISCARDING,
        CUTTING
    }

    private final byte[] payload;
    private State state = State.NEW;
    private @Nullable Future<Void> deadline;

    /** The send, the shutdown or the close of the stream. */
    private @Nullable Future<Void> step;

    Close(FramedSocket socket, byte[] payload) {
        super(socket);
        this.payload = payload;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        if (state == State.NEW) {
            if (socket.isClosed()) {
                return Poll.done();
            }
            begin(cx);
        }
        if (deadline != null && Owners.poll(deadline, this, cx).isReady()) {
            deadline = null;
            giveBack();
            state = State.CUTTING;
        }
        State before;
        do {
            before = state;
            try {
                state = advance(cx);
            } catch (IOException e) {
                step = null;
                state = switch (before) {
                    case SENDING -> State.PAYING;
                    case PAYING, DRAINING -> State.DRAINING;
                    default -> State.CUTTING;
                };
                if (before == State.CUTTING) {
                    break;
                }
                before = State.NEW;
            }
            if (state == State.NEW) {
                state = before;
                return Poll.pending();
            }
        } while (state != before);
        giveBack();
        return Poll.done();
    }

    private void begin(Context cx) {
        state = State.SENDING;
        Timers timers = cx.spawner().capability(Timers.class);
        if (timers != null) {
            deadline = timers.sleepUntil(cx.capability(Clock.class).nanoTime()
                    + socket.limits.closeTimeout().toNanos());
            Owners.claim(deadline, this);
        }
    }

    /** {@return the next state; NEW: pending; CUTTING from CUTTING: done} */
    private State advance(Context cx) throws Exception {
        return switch (state) {
            case NEW -> throw new AssertionError();
            case SENDING -> {
                if (step == null && socket.out.ended() == null) {
                    step = claimed(new Send(socket.out, Frames.CLOSE, payload));
                }
                yield step == null || pollStep(cx) ? State.PAYING : State.NEW;
            }
            case PAYING -> {
                if (step == null) {
                    step = claimed(Send.debts(socket.out));
                }
                yield pollStep(cx) ? State.DRAINING : State.NEW;
            }
            case DRAINING -> drain(cx);
            case SHUTTING -> {
                if (step == null) {
                    step = claimed(socket.stream().shutdownOutput());
                }
                yield pollStep(cx) ? State.DISCARDING : State.NEW;
            }
            case DISCARDING -> discard(cx);
            case CUTTING -> {
                if (step == null) {
                    finishReading();
                    socket.closed();
                    socket.broken("closed by this side", null);
                    step = claimed(socket.stream().closeAsync());
                }
                yield pollStep(cx) ? State.CUTTING : State.NEW;
            }
        };
    }

    private State drain(Context cx) throws Exception {
        while (!socket.out.takeReader(this, cx.waker())) {
            if (!socket.out.awaitReader(cx.waker())) {
                return State.NEW;
            }
        }
        while (true) {
            if (!payDebts(cx)) {
                return State.NEW;
            }
            Outgoing.Ended end = socket.end();
            if (end != null) {
                if (socket.isViolated()) {
                    return State.SHUTTING;
                }
                return socket.out.isMasked() && end.code() != WebSocketClosed.ABNORMAL
                        ? State.DISCARDING
                        : State.CUTTING;
            }
            try {
                if (pollIncoming(cx) == null) {
                    return State.NEW;
                }
            } catch (IOException e) {
                // the socket has ended, and knows how
            }
            if (!cx.spend()) {
                return State.NEW;
            }
        }
    }

    private State discard(Context cx) throws Exception {
        while (pollReadable(cx)) {
            ByteBuffer scratch = cx.scratch();
            if (socket.stream().tryRead(scratch) < 0) {
                return State.CUTTING;
            }
        }
        return State.NEW;
    }

    private Future<Void> claimed(Future<Void> future) {
        Owners.claim(future, this);
        return future;
    }

    private boolean pollStep(Context cx) throws Exception {
        if (!Owners.poll(Objects.requireNonNull(step), this, cx).isReady()) {
            return false;
        }
        step = null;
        return true;
    }

    private void giveBack() {
        if (deadline != null) {
            Owners.drop(deadline, this);
            deadline = null;
        }
        if (step != null) {
            Owners.drop(step, this);
            step = null;
        }
        finishReading();
    }

    @Override
    protected void dropOwned() {
        giveBack();
        if (state != State.NEW) {
            socket.cut(WebSocketClosed.GOING_AWAY);
        }
    }

    @Override
    public String toString() {
        return "WebSocket.close";
    }
}
