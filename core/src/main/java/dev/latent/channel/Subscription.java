package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Now;
import dev.latent.NowOr;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.WaiterList;
import dev.latent.channel.Heard.Lagged;
import org.jspecify.annotations.Nullable;

/**
 * One that hears a {@link Broadcast}, from where it has subscribed on.
 *
 * {@snippet :
 * while (await(news.next()) instanceof Item(var heard)) {
 *     switch (heard) {
 *         case Message(var text) -> show(text);
 *         case Lagged(var missed) -> show(missed + " more");
 *     }
 * }
 * }
 *
 * <p>Thread-safe; meant for one task. <em>Memory effects:</em> what the sender did before is visible to who hears it.
 */
public final class Subscription<T> implements Source<Heard<T>> {
    final Broadcast<T> broadcast;

    /** Of the next message, counted from the first that was sent. Guarded by the broadcast's lock, as what follows. */
    private long position;

    private boolean closed;

    Subscription(Broadcast<T> broadcast) {
        this.broadcast = broadcast;
    }

    /** Under the lock, as it begins. */
    void from(long first) {
        position = first;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The end comes when the broadcast is closed and everything has been heard, or this is closed. Of two that ask at the same time, what the first has found and not
     * received is lost where the second has heard what was sent behind it.
     */
    @Override
    @NowOr("nextNow")
    public Future<Next<Heard<T>>> next() {
        return new ToNext<>(this);
    }

    @Override
    public Object nextNow(Context cx) {
        if (cx.isSpent() || !(tryReceive() instanceof Next<Heard<T>> next)) {
            return Poll.pending();
        }
        cx.spend();
        return next;
    }

    /** {@return what there is to be heard now} */
    public Now<Heard<T>> tryReceive() {
        broadcast.waiting.lock();
        try {
            return take();
        } finally {
            broadcast.waiting.unlock();
        }
    }

    private Now<Heard<T>> take() {
        if (closed) {
            return Next.end();
        }
        long oldest = broadcast.oldest();
        if (position < oldest) {
            Item<Heard<T>> missed = new Item<>(new Lagged<>(oldest - position));
            position = oldest;
            return missed;
        }
        if (position < broadcast.sent()) {
            return broadcast.at(position++);
        }
        return broadcast.hasClosed() ? Next.end() : Now.empty();
    }

    /** Nobody has heard it: if nothing was heard since, it comes again. */
    private void putBack(Heard<T> heard, long after) {
        broadcast.waiting.lock();
        boolean last = position == after;
        if (last) {
            position -= heard instanceof Lagged<T>(long missed) ? missed : 1;
        }
        broadcast.waiting.unlock();
        if (last) {
            broadcast.waiting.wakeAll(); // others may wait by the same subscription
        }
    }

    /** Gives it up; closing twice does nothing. */
    @Override
    public void close() {
        broadcast.waiting.lock();
        boolean first = !closed;
        closed = true;
        if (first) {
            broadcast.unsubscribe();
        }
        broadcast.waiting.unlock();
        if (first) {
            broadcast.waiting.wakeAll();
        }
    }

    @Override
    public String toString() {
        return "subscription to " + broadcast;
    }

    private static final class ToNext<T> extends OwnedFuture<Next<Heard<T>>> {
        private final Subscription<T> subscription;
        private WaiterList.@Nullable Waiter waiter;

        /** Where the subscription stood after this one had taken something. */
        private long after;

        ToNext(Subscription<T> subscription) {
            this.subscription = subscription;
        }

        @Override
        protected Poll<Next<Heard<T>>> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            WaiterList waiting = subscription.broadcast.waiting;
            Now<Heard<T>> now;
            waiting.lock();
            try {
                now = subscription.take();
                after = subscription.position;
                if (!(now instanceof Next)) {
                    if (waiter == null) {
                        waiter = new WaiterList.Waiter();
                    }
                    waiting.add(waiter, cx.waker());
                } else if (waiter != null) {
                    waiting.remove(waiter);
                }
            } catch (Throwable noMemory) {
                if (waiter != null) {
                    waiting.remove(waiter);
                }
                throw noMemory;
            } finally {
                waiting.unlock();
            }
            if (now instanceof Next<Heard<T>> next) {
                try {
                    return Poll.ready(next);
                } catch (Throwable noMemory) {
                    undelivered(next);
                    throw noMemory;
                }
            }
            cx.unspend();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            if (waiter != null) {
                WaiterList waiting = subscription.broadcast.waiting;
                waiting.lock();
                waiting.remove(waiter);
                waiting.unlock();
            }
        }

        @Override
        protected void undelivered(Next<Heard<T>> next) {
            if (next instanceof Item<Heard<T>>(Heard<T> heard)) {
                subscription.putBack(heard, after);
            }
        }

        @Override
        public String toString() {
            return "next of " + subscription;
        }
    }
}
