package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Now;
import dev.latent.Poll;
import dev.latent.channel.Receiving.WantsMessage;
import dev.latent.internal.ParkedThread;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one kind of {@link Receiver}. */
final class Inbox<T> implements Receiver<T> {
    /** Before all others. */
    private static final long FIRST = -1;

    final Ends<T> pipe;
    final Handle<T> handle;

    /** Guarded by the channel's lock. */
    boolean closed;

    /** One that has waited, for the next who has to. Guarded by the channel's lock. */
    private @Nullable WantsMessage spare;

    Inbox(Ends<T> pipe) {
        this.pipe = pipe;
        this.handle = new Handle<>(this, pipe, false);
        pipe.openReceiver(handle);
    }

    /** Under the lock: {@return one that waits nowhere} */
    WantsMessage waiter() {
        WantsMessage waiter = spare;
        spare = null;
        return waiter == null ? new WantsMessage(this) : waiter;
    }

    /** Under the lock: takes back one that has left. */
    void keep(WantsMessage waiter) {
        spare = waiter;
    }

    @Override
    public Future<Next<T>> next() {
        return new Receiving.ToNext<>(this);
    }

    @Override
    public Object nextNow(Context cx) {
        T message;
        if (cx.isSpent() || pipe.seemsEmpty() || (message = pipe.poll(this)) == null) {
            return Poll.pending();
        }
        Item<T> item = item(message);
        cx.spend();
        return item;
    }

    private Item<T> item(T message) {
        try {
            return new Item<>(message);
        } catch (Throwable noMemory) {
            pipe.putBack(message, FIRST);
            throw noMemory;
        }
    }

    @Override
    public Future<T> receive() {
        return new Receiving.ToReceive<>(this);
    }

    @Override
    public Object receiveNow(Context cx) {
        T message;
        if (cx.isSpent() || pipe.seemsEmpty() || (message = pipe.poll(this)) == null) {
            return Poll.pending();
        }
        cx.spend();
        return message;
    }

    @Override
    public Now<T> tryReceive() {
        T message = pipe.poll(this);
        return message != null ? item(message) : pipe.hasEnded(this) ? Next.end() : Now.empty();
    }

    @Override
    public Future<Integer> receiveMany(List<? super T> into, int max) {
        Objects.requireNonNull(into);
        if (max < 1) {
            throw new IllegalArgumentException("at most " + max + " messages are none: at least 1");
        }
        return new Receiving.ToReceiveMany<>(this, into, max);
    }

    @Override
    public Next<T> nextBlocking() throws InterruptedException {
        return ParkedThread.await(next());
    }

    @Override
    public T receiveBlocking() throws InterruptedException {
        return ParkedThread.await(receive());
    }

    @Override
    public int size() {
        return pipe.size();
    }

    @Override
    public void close() {
        pipe.closeReceiver(this);
    }

    @Override
    public String toString() {
        return "receiver of " + pipe;
    }
}
