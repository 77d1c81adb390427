package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.withTimeout;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@link WebSocket#close(int, String)}: a close handshake that ends in time, and then the connection. */
final class Closing {
    private Closing() {}

    static Future<Void> of(FramedSocket socket, byte[] payload) {
        return async(() -> {
            if (socket.isClosed()) {
                return;
            }
            try {
                await(withTimeout(socket.limits().closeTimeout(), handshake(socket, payload)));
            } catch (IOException e) {
                // the connection is gone, which is what it is to be
            } finally {
                socket.cut(WebSocketClosed.GOING_AWAY);
                await(settle(socket.stream().closeAsync()));
            }
        });
    }

    private static Future<Void> handshake(FramedSocket socket, byte[] payload) {
        return async(() -> {
            if (socket.ended() == null) {
                await(settle(
                        new Send(socket, Frames.CLOSE, payload))); // pointless where the peer closes meanwhile, or errs
            }
            await(settle(Send.debts(
                    socket))); // the frame that another task was in the middle of, and the answer to the peer
            await(new Rest(socket, false));
            if (socket.isViolated()) { // a reset would take our close frame from the peer
                await(socket.stream().shutdownOutput());
                await(new Rest(socket, true));
            } else if (socket.isPeerToEnd()) {
                await(new Rest(socket, true));
            }
        });
    }

    /** Takes in, and throws away, what the peer sends until its close frame, or until it ends the connection. */
    static final class Rest extends Reading<Void> {
        private final boolean toEnd;

        Rest(FramedSocket socket, boolean toEnd) {
            super(socket);
            this.toEnd = toEnd;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            while (!socket.takeReader(this, cx.waker())) {
                if (!socket.awaitReader(cx.waker())) {
                    return Poll.pending();
                }
            }
            boolean waits = false;
            try {
                waits = toEnd ? !takeInAll(cx) : !takeIn(cx);
                return waits ? Poll.pending() : Poll.done();
            } finally {
                if (!waits) {
                    finishReading();
                }
            }
        }

        /** {@return whether the peer has said all it will, and been answered} */
        private boolean takeIn(Context cx) throws Exception {
            while (payDebts(cx)) {
                if (socket.end() != null) {
                    return true;
                }
                try {
                    if (pollIncoming(cx) == null) {
                        return false;
                    }
                } catch (IOException e) {
                    // the socket has ended, and knows how
                }
            }
            return false;
        }

        private boolean takeInAll(Context cx) throws Exception {
            while (pollReadable(cx)) {
                ByteBuffer scratch = cx.scratch();
                if (socket.stream().tryRead(scratch) < 0) {
                    return true;
                }
                if (!scratch.hasRemaining()) { // it sends as fast as we read: the others have their turn
                    cx.waker().wake();
                    return false;
                }
            }
            return false;
        }

        @Override
        protected void dropOwned() {
            finishReading();
        }

        @Override
        public String toString() {
            return "WebSocket.close";
        }
    }
}
