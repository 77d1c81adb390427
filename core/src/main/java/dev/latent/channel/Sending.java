package dev.latent.channel;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/** What waits for places in a channel: to send, or to reserve. {@link Pipe} has its states. */
abstract class Sending<T, R extends @Nullable Object> extends OwnedFuture<R> {
    /** A place among those who wait; made when the first poll has to. Guarded by the channel's lock. */
    static final class WantsPlaces extends WaiterList.Waiter {
        final int wanted;
        boolean granted;

        WantsPlaces(int wanted) {
            this.wanted = wanted;
        }
    }

    final Ends<T> pipe;
    private final int wanted;
    private @Nullable WantsPlaces waiter;

    Sending(Ends<T> pipe, int wanted) {
        this.pipe = pipe;
        this.wanted = wanted;
    }

    /** Under the lock: uses the places, or throws and uses none. {@return the message that had to make room, or null} */
    abstract @Nullable T take();

    /** {@return what it has become}, and takes no memory. */
    abstract Poll<R> done();

    @Override
    protected final Poll<R> pollOwned(Context cx) {
        try {
            return tried(cx);
        } catch (Throwable t) {
            dropOwned(); // nobody drops what has thrown
            throw t;
        }
    }

    private Poll<R> tried(Context cx) {
        if (!cx.spend()) {
            return Poll.pending();
        }
        Sent sent;
        T overflow = null;
        Waker told = null;
        boolean unused = false;
        pipe.lock();
        try {
            sent = pipe.claimPlaces(waiter, wanted);
            if (sent == Sent.SENT) {
                unused = true;
                overflow = take();
                unused = false;
                told = pipe.tell();
            } else if (sent == Sent.FULL) {
                if (waiter == null) {
                    waiter = new WantsPlaces(wanted);
                }
                pipe.waitForPlaces(waiter, cx.waker());
            }
        } finally {
            if (unused) {
                pipe.returnPlaces(wanted);
            }
            pipe.unlock();
        }
        if (sent == Sent.SENT) {
            pipe.sent(told, overflow);
            return done();
        }
        cx.unspend();
        if (sent == Sent.CLOSED) {
            throw pipe.refusal();
        }
        Handle.look(cx.spawner(), pipe);
        return Poll.pending();
    }

    @Override
    protected final @Nullable Object waitsFor() {
        return waiter == null ? null : pipe;
    }

    /** {@return why it waits, if it does, for a person to read} */
    final String why() {
        return waiter == null ? "" : pipe.forSender();
    }

    @Override
    protected final void dropOwned() {
        if (waiter != null) {
            pipe.lock();
            pipe.leave(waiter);
            pipe.unlock();
            pipe.grantAll();
        }
    }

    /** {@link Sender#send}. */
    static final class Send<T> extends Sending<T, Void> {
        private final T message;

        Send(Ends<T> pipe, T message) {
            super(pipe, 1);
            this.message = message;
        }

        @Override
        @Nullable
        T take() {
            return pipe.enqueue(message);
        }

        @Override
        Poll<Void> done() {
            return Poll.done();
        }

        @Override
        public String toString() {
            return "send to " + pipe + why();
        }
    }

    /** {@link Sender#reserve}. */
    static final class Reserve<T> extends Sending<T, Permit<T>> {
        private final int count;
        private Poll<Permit<T>> permit = Poll.pending();

        Reserve(Ends<T> pipe, int count) {
            super(pipe, count);
            this.count = count;
        }

        @Override
        @Nullable
        T take() {
            permit = Poll.ready(new Permit<>(pipe, count));
            pipe.lend(count);
            return null;
        }

        @Override
        Poll<Permit<T>> done() {
            return permit;
        }

        @Override
        public String toString() {
            return "reserve of " + count + " in " + pipe + why();
        }
    }
}
