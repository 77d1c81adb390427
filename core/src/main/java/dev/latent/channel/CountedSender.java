package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Sender#newSender}. What it has begun before its close goes on. */
final class CountedSender<T> implements Sender<T> {
    private final Channel<T> channel;
    private final Handle<T> handle;

    /** By whichever task closes it. */
    private volatile boolean closed;

    CountedSender(Channel<T> channel) {
        this.channel = channel;
        this.handle = new Handle<>(this, channel, true);
        channel.openSender(handle);
    }

    private ChannelClosedException refused() {
        return new ChannelClosedException("this sender of " + channel + " is closed");
    }

    @Override
    public Future<Void> send(T value) {
        return closed ? Futures.failed(refused()) : channel.send(value);
    }

    @Override
    public @Nullable Object sendNow(T value, Context cx) {
        if (closed) {
            throw refused();
        }
        return channel.sendNow(value, cx);
    }

    @Override
    public Sent trySend(T value) {
        return closed ? Sent.CLOSED : channel.trySend(value);
    }

    @Override
    public Future<Permit<T>> reserve() {
        return reserveMany(1);
    }

    @Override
    public Future<Permit<T>> reserveMany(int n) {
        return closed ? Futures.failed(refused()) : channel.reserveMany(n);
    }

    @Override
    public Optional<Permit<T>> tryReserve() {
        return closed ? Optional.empty() : channel.tryReserve();
    }

    @Override
    public void sendBlocking(T value) throws InterruptedException {
        if (closed) {
            throw refused();
        }
        channel.sendBlocking(value);
    }

    @Override
    public Sender<T> newSender() {
        if (closed) {
            throw refused();
        }
        return channel.newSender();
    }

    @Override
    public WeakSender<T> weak() {
        return channel.weak();
    }

    @Override
    public Future<Void> closed() {
        return channel.closed();
    }

    @Override
    public boolean isClosed() {
        return closed || channel.isClosed();
    }

    @Override
    public void close() {
        closed = true;
        channel.closeSender(handle);
    }

    @Override
    public String toString() {
        return "sender of " + channel;
    }
}
