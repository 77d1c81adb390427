package dev.latent.examples.bench;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one value at a time, from one task to another: the least that ping-pong needs until core has channels. A new one
 * that is used once is a oneshot.
 */
abstract sealed class Slot<T> permits LocalSlot, SharedSlot {
    /** {@return a future that is ready when {@code sent} is in the slot; it waits while another value is} */
    final Future<Void> send(T sent) {
        return new Send(sent);
    }

    /** {@return a future of the value, null once the slot is closed} */
    final Future<@Nullable T> receive() {
        return new Receive();
    }

    /** Ends what the receiver waits for; only when nothing is in the slot. */
    abstract void close();

    /** Puts the value in and wakes the receiver; or keeps the waker and returns false. */
    abstract boolean put(T value, Context cx);

    /** Takes the value out and wakes the sender; or keeps the waker and returns null, unless {@link #isClosed}. */
    abstract @Nullable T take(Context cx);

    abstract boolean isClosed();

    abstract void forgetSender();

    abstract void forgetReceiver();

    private final class Send extends OwnedFuture<Void> {
        private final T sent;

        Send(T sent) {
            this.sent = sent;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            return cx.spend() && put(sent, cx) ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            forgetSender();
        }
    }

    private final class Receive extends OwnedFuture<@Nullable T> {
        @Override
        protected Poll<@Nullable T> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            T received = take(cx);
            return received == null && !isClosed() ? Poll.pending() : Poll.ready(received);
        }

        @Override
        protected void dropOwned() {
            forgetReceiver();
        }
    }
}
