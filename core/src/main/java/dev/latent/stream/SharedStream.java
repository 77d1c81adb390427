package dev.latent.stream;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import dev.latent.channel.ChannelClosedException;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream that many read, each of whom gets every value from when it subscribed; made by {@link AsyncStream#share}.
 *
 * <p>A task reads it while there are subscribers, and leaves each value with every one of them, up to a number ahead of each: so the slowest holds back the others. To drop
 * values instead, send them to a {@link dev.latent.channel.Broadcast}. Each subscriber is told of the end, and gets a copy of the failure. A value that has reached none of
 * them is let go; one that has reached several is for them to close between them.
 *
 * <p>Closing it drops the stream, cleanup included; subscribers that are left get a {@link CancellationException} behind what they have been given.
 *
 * <p>Thread-safe. <em>Memory effects:</em> what happened before a value was given is visible to who receives it.
 *
 * @param <T> the values
 */
public final class SharedStream<T> implements AsyncCloseable {
    private final int ahead;
    private final List<Channel<Given<T>>> subscribers = new CopyOnWriteArrayList<>();
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
        Channel<Given<T>> channel = Channel.bounded(ahead, Given::lost);
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

    /** A value on its way to all of them: one that has reached nobody is let go. */
    private static final class Given<T> {
        private final T value;

        /** Until nobody can receive it any more: one for each of those to whom it was sent, and has not got it, and one for the sending. */
        final AtomicInteger losses = new AtomicInteger(1);

        Given(T value) {
            this.value = value;
        }

        T take() {
            return value; // a loss fewer than there are to be: it is never let go from now on
        }

        void lost() {
            if (losses.decrementAndGet() == 0) {
                Stage.discard(value);
            }
        }
    }

    /** A send to one of them, which is ready too if its reader has gone; that is left out the next time. */
    private static final class Giving<T> extends OwnedFuture<Void> {
        private final Given<T> given;
        private final Future<Void> send;

        Giving(Given<T> given, Future<Void> send) {
            this.given = given;
            this.send = send;
            Owners.claim(send, this);
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            try {
                return Owners.poll(send, this, cx);
            } catch (ChannelClosedException gone) {
                given.lost();
                return Poll.done();
            }
        }

        @Override
        protected void dropOwned() {
            Owners.drop(send, this);
            given.lost();
        }

        @Override
        protected List<? extends Future<?>> children() {
            return List.of(send);
        }

        @Override
        public String toString() {
            return send.toString();
        }
    }

    /** What a subscriber reads: what its channel has, and then the failure. */
    private static final class Reader<T> extends Linear<Given<T>, T> {
        private final SharedStream<T> shared;

        Reader(AsyncStream<Given<T>> source, SharedStream<T> shared) {
            super("share", source);
            this.shared = shared;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            Object value = source.advance(cx);
            if (value == PENDING) {
                return PENDING;
            }
            if (value != END) {
                return Stage.<Given<T>>cast(value).take();
            }
            if (shared.ended instanceof Throwable failure) {
                throw Sneaky.rethrow(
                        failure instanceof Exception ? Failures.copy(failure, failure.getStackTrace()) : failure);
            }
            return END;
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
            Given<T> given = new Given<>(Stage.cast(value));
            for (Channel<Given<T>> each : shared.subscribers) {
                given.losses.incrementAndGet();
                sends.add(new Giving<>(given, each.send(given)));
            }
            given.lost();
            return sends.size() == 1 ? sends.getFirst() : Async.join(sends);
        }

        @Override
        void took(@Nullable Object result) {}

        @Override
        Void result() {
            return Stage.cast(null);
        }

        @Override
        void dropped() {
            shared.end(new CancellationException(this + " was closed"));
        }
    }
}
