package dev.latent.web;

import dev.latent.Context;
import dev.latent.Poll;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link WebSocket#receive}. */
final class Receive extends Reading<Message> {
    /** That of the socket, while this waits. */
    private @Nullable Silence silence;

    Receive(FramedSocket socket) {
        super(socket);
    }

    @Override
    protected Poll<Message> pollOwned(Context cx) throws Exception {
        Turns.Ended before = socket.end();
        if (before != null) {
            dropOwned();
            throw before.asException();
        }
        while (!socket.takeReader(this, cx.waker())) {
            if (socket.isBeingClosed()) { // by another task, which takes in the rest: the end will be told then
                if (socket.awaitReader(cx.waker())) {
                    continue;
                }
                return Poll.pending();
            }
            throw new IllegalStateException("a second receive on " + socket
                    + " while the first is waiting: let one task" + " receive, and hand messages on by a channel");
        }
        boolean waits = false;
        try {
            Incoming next = pollIncoming(cx);
            if (next instanceof Message message) {
                socket.endSilence();
                return Poll.ready(message);
            }
            waits = next == null;
            if (waits && isPatient(cx)) {
                return Poll.pending();
            }
            waits = false;
            socket.checkWelcome();
            answer(cx);
        } catch (ProtocolViolation e) {
            answer(cx);
        } catch (IOException e) {
            // the socket knows
        } finally {
            if (!waits) {
                dropOwned();
            }
        }
        Turns.Ended end = socket.end();
        throw end == null ? new WebSocketClosed(WebSocketClosed.ABNORMAL, "") : end.asException();
    }

    /** {@return whether the peer may be silent for longer} */
    private boolean isPatient(Context cx) throws Exception {
        Silence now = socket.silence();
        silence = now;
        return now == null || now.poll(cx);
    }

    /** Pays the close frame that is due; where the peer takes nothing, a task sees to it that the connection ends in time. */
    private void answer(Context cx) throws Exception {
        if (!payDebts(cx) || socket.owesClose()) {
            cx.spawner().spawn(socket.closeAsync()).detach();
        }
    }

    @Override
    protected void dropOwned() {
        Silence now = silence;
        silence = null;
        if (now == null) {
            finishReading();
        } else {
            Send ping = now.pause();
            finishReading();
            now.drop(ping);
        }
    }

    @Override
    public String toString() {
        return "WebSocket.receive";
    }
}
