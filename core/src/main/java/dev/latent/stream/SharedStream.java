package dev.latent.stream;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import dev.latent.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A stream that many read, each of whom gets every value from when it subscribed; made by {@link AsyncStream#share}.
 *
 * <p>A task reads it while there are subscribers, and leaves each value with every one of them, up to a number ahead of each: so the slowest holds back the others. To drop
 * values instead, send them to a {@link dev.latent.channel.Broadcast}. Each subscriber is told of the end, and gets a copy of the failure.
 *
 * <p>Closing it drops the stream, cleanup included; subscribers that are left get a {@link CancellationException} behind what they have been given.
 *
 * <p>Thread-safe. <em>Memory effects:</em> what happened before a value was given is visible to who receives it.
 *
 * @param <T> the values
 */
public final class SharedStream<T> implements AsyncCloseable {
    private final int ahead;
    private final List<Channel<T>> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicWaker waiting = new AtomicWaker();
    private final JoinHandle<Void> task;

    /** {@link Stage#END}, or the failure; set before the channels are closed. */
    private volatile @Nullable Object ended;

    SharedStream(AsyncStream<T> source, int ahead, Spawner spawner) {
        this.ahead = ahead;
        this.task = spawner.spawn(new Pump<>(source, this));
    }

    /** {@return a stream of the values from now on} Closing it gives the subscription up. */
    public AsyncStream<T> subscribe() {
        Channel<T> channel = Channel.bounded(ahead, Stage::discard);
        Reader<T> reader = new Reader<>(AsyncStream.from(channel.receiver()), this);
        subscribers.add(channel);
        if (ended != null) { // looked at after the add, as the end closes those that it finds after it was set
            channel.close();
        }
        waiting.wake();
        return reader;
    }

    private boolean isRead() {
        subscribers.removeIf(Channel::isClosed);
        return !subscribers.isEmpty();
    }

    private void end(Object how) {
        ended = how;
        subscribers.forEach(Channel::close);
    }

    @Override
    public Future<Void> closeAsync() {
        return task.cancel();
    }

    @Override
    public void close() {
        task.close();
    }

    @Override
    public String toString() {
        return task.toString();
    }

    /** What a subscriber reads: what its channel has, and then the failure. */
    private static final class Reader<T> extends Linear<T, T> {
        private final SharedStream<T> shared;

        Reader(AsyncStream<T> source, SharedStream<T> shared) {
            super("share", source);
            this.shared = shared;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            Object value = source.advance(cx);
            if (value == END && shared.ended instanceof Exception failure) {
                throw (Exception) Failures.copy(failure, failure.getStackTrace());
            }
            if (value == END && shared.ended instanceof Error failure) {
                throw failure;
            }
            return value;
        }

        @Override
        @Nullable
        Leaf<?> leaf() {
            return source.leaf();
        }
    }

    /** The task. */
    private static final class Pump<T> extends Each<T, Void> {
        private final SharedStream<T> shared;

        Pump(AsyncStream<T> source, SharedStream<T> shared) {
            super("share", source);
            this.shared = shared;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            shared.waiting.register(cx.waker());
            if (!shared.isRead()) {
                return Poll.pending();
            }
            try {
                Poll<Void> poll = super.pollOwned(cx);
                if (poll.isReady()) {
                    shared.end(Stage.END);
                }
                return poll;
            } catch (Throwable t) {
                boolean told = shared.isRead();
                shared.end(t);
                if (told) {
                    return Poll.done();
                }
                throw t;
            }
        }

        @Override
        Future<?> call(@Nullable Object value) {
            List<Future<Void>> sends = new ArrayList<>();
            for (Channel<T> each : shared.subscribers) {
                // One whose reader has gone is left out the next time.
                sends.add(Futures.recover(each.send(Stage.cast(value)), _ -> Stage.cast(null)));
            }
            if (sends.isEmpty()) {
                Stage.discard(value);
            }
            return sends.size() == 1 ? sends.getFirst() : Async.join(sends);
        }

        @Override
        void took(@Nullable Object result) {}

        @Override
        Void result() {
            return Stage.cast(null);
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            Poll<Void> poll = super.pollDropOwned(cx);
            if (poll.isReady()) {
                closed();
            }
            return poll;
        }

        @Override
        protected void dropOwned() {
            super.dropOwned();
            closed();
        }

        private void closed() {
            shared.end(new CancellationException(this + " was closed"));
        }
    }
}
