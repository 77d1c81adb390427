package dev.latent.examples.bench;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one value at a time, between two tasks of one thread: the least that ping-pong needs until core has channels. A
 * new one that is used once is a oneshot.
 */
final class Slot<T> {
    private @Nullable T value;
    private boolean closed;
    private @Nullable Waker sender;
    private @Nullable Waker receiver;

    /** {@return a future that is ready when {@code sent} is in the slot; it waits while another value is} */
    Future<Void> send(T sent) {
        return new Send(sent);
    }

    /** {@return a future of the value, null once the slot is closed} */
    Future<@Nullable T> receive() {
        return new Receive();
    }

    void close() {
        closed = true;
        if (receiver != null) {
            receiver.wake();
        }
    }

    private final class Send extends OwnedFuture<Void> {
        private final T sent;

        Send(T sent) {
            this.sent = sent;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            if (value != null) {
                sender = cx.waker();
                return Poll.pending();
            }
            value = sent;
            Waker waiting = receiver;
            if (waiting != null) {
                receiver = null;
                waiting.wake();
            }
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            sender = null;
        }
    }

    private final class Receive extends OwnedFuture<@Nullable T> {
        @Override
        protected Poll<@Nullable T> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            T received = value;
            if (received == null && !closed) {
                receiver = cx.waker();
                return Poll.pending();
            }
            value = null;
            Waker waiting = sender;
            if (waiting != null) {
                sender = null;
                waiting.wake();
            }
            return Poll.ready(received);
        }

        @Override
        protected void dropOwned() {
            receiver = null;
        }
    }
}
