package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList;
import dev.latent.Waker;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What waits for a message. {@link Pipe} has its states. */
abstract class Receiving<T, R> extends OwnedFuture<R> {
    /** A place among those who wait; made when the first poll has to. Guarded by the channel's lock. */
    static final class WantsMessage extends WaiterList.Waiter {
        final Inbox<?> inbox;
        boolean promised;

        /** It counts as a place, of a rendezvous. */
        boolean isPlace;

        WantsMessage(Inbox<?> inbox) {
            this.inbox = inbox;
        }
    }

    final Inbox<T> inbox;
    private @Nullable WantsMessage waiter;

    Receiving(Inbox<T> inbox) {
        this.inbox = inbox;
    }

    /** Before the lock: gets what {@link #take} needs, which may not throw. */
    void prepare(Pipe<T> pipe) {}

    /** Under the lock: takes what is the caller's, one message at least. */
    abstract void take(Pipe<T> pipe);

    /** {@return what was taken}; where it can't be given, it has been put back. */
    abstract Poll<R> found();

    /** {@return the end} */
    abstract Poll<R> ended();

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
        Pipe<T> pipe = inbox.pipe;
        boolean found = false;
        boolean over;
        Waker granted;
        prepare(pipe);
        pipe.lock();
        try {
            over = inbox.closed;
            if (!over) {
                found = pipe.claimMessage(waiter);
                if (found) {
                    take(pipe);
                    keep();
                }
                over = pipe.hasRunOut();
                if (!found && !over) {
                    if (waiter == null) {
                        waiter = inbox.waiter();
                    }
                    pipe.waitForMessage(waiter, cx.waker());
                    inbox.handle.lastToWait = cx.waker();
                }
            }
            granted = pipe.grant();
        } finally {
            pipe.unlock();
        }
        pipe.received(granted, found && over);
        if (found) {
            return found();
        }
        if (over) {
            dropOwned();
            return ended();
        }
        cx.unspend();
        Handle.look(cx.spawner(), pipe);
        return Poll.pending();
    }

    /** Under the lock: the waiter is in no list, and owed nothing. */
    private void keep() {
        if (waiter != null) {
            inbox.keep(waiter);
            waiter = null;
        }
    }

    @Override
    protected final @Nullable Object waitsFor() {
        return waiter == null ? null : inbox.pipe;
    }

    /** {@return why it waits, if it does, for a person to read} */
    final String why() {
        return waiter == null ? "" : inbox.pipe.forReceiver();
    }

    @Override
    protected final void dropOwned() {
        if (waiter != null) {
            Pipe<T> pipe = inbox.pipe;
            pipe.lock();
            pipe.leave(waiter);
            keep();
            Waker told = pipe.tell();
            pipe.unlock();
            pipe.sent(told, null);
        }
    }

    /** {@link Receiver#next}. */
    static final class ToNext<T> extends Receiving<T, Next<T>> {
        private @Nullable T message;
        private long number;

        ToNext(Inbox<T> inbox) {
            super(inbox);
        }

        @Override
        void take(Pipe<T> pipe) {
            number = pipe.number();
            message = pipe.dequeue();
        }

        @Override
        Poll<Next<T>> found() {
            T found = Objects.requireNonNull(message);
            message = null;
            try {
                return Poll.ready(new Item<>(found));
            } catch (Throwable noMemory) {
                inbox.pipe.putBack(found, number);
                throw noMemory;
            }
        }

        @Override
        Poll<Next<T>> ended() {
            return Poll.ready(Next.end());
        }

        @Override
        protected void undelivered(Next<T> next) {
            if (next instanceof Item<T>(T found)) {
                inbox.pipe.putBack(found, number);
            }
        }

        @Override
        public String toString() {
            return "next of " + inbox.pipe + why();
        }
    }

    /** {@link Receiver#receive}. */
    static final class ToReceive<T> extends Receiving<T, T> {
        private @Nullable T message;
        private long number;

        ToReceive(Inbox<T> inbox) {
            super(inbox);
        }

        @Override
        void take(Pipe<T> pipe) {
            number = pipe.number();
            message = pipe.dequeue();
        }

        @Override
        Poll<T> found() {
            T found = Objects.requireNonNull(message);
            message = null;
            try {
                return Poll.ready(found);
            } catch (Throwable noMemory) {
                inbox.pipe.putBack(found, number);
                throw noMemory;
            }
        }

        @Override
        Poll<T> ended() {
            throw new ChannelClosedException(inbox.pipe);
        }

        @Override
        protected void undelivered(T found) {
            inbox.pipe.putBack(found, number);
        }

        @Override
        public String toString() {
            return "receive of " + inbox.pipe + why();
        }
    }

    /** {@link Receiver#receiveMany}. */
    static final class ToReceiveMany<T> extends Receiving<T, Integer> {
        private final List<? super T> into;
        private final int max;
        private @Nullable Batch<T> batch;

        ToReceiveMany(Inbox<T> inbox, List<? super T> into, int max) {
            super(inbox);
            this.into = into;
            this.max = max;
        }

        @Override
        void prepare(Pipe<T> pipe) {
            batch = new Batch<>(pipe, max);
        }

        @Override
        void take(Pipe<T> pipe) {
            Objects.requireNonNull(batch).fill();
        }

        @Override
        Poll<Integer> found() {
            return Poll.ready(Objects.requireNonNull(batch).deliver(into));
        }

        @Override
        Poll<Integer> ended() {
            return Poll.ready(0);
        }

        @Override
        public String toString() {
            return "receiveMany of " + inbox.pipe + why();
        }
    }
}
