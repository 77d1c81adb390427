package dev.latent.stream;

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#publisher}: each subscriber has a task, which asks the stream for what the subscriber has requested, and tells it. */
final class Published<T> implements Flow.Publisher<T> {
    private final Spawner spawner;
    private final Supplier<? extends AsyncStream<? extends T>> streams;

    Published(Spawner spawner, Supplier<? extends AsyncStream<? extends T>> streams) {
        this.spawner = Objects.requireNonNull(spawner);
        this.streams = Objects.requireNonNull(streams);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber);
        Feed<T> feed;
        try {
            feed = new Feed<>(subscriber, streams.get());
        } catch (Throwable t) {
            subscriber.onSubscribe(new Feed<>(subscriber, AsyncStream.empty()));
            subscriber.onError(t);
            return;
        }
        try {
            subscriber.onSubscribe(feed);
        } catch (Throwable t) {
            feed.cancel();
            Owners.report(spawner, subscriber, ", told by " + feed, t);
        }
        spawner.spawn(feed).detach();
    }

    /**
     * A subscription, and the task that serves it.
     *
     * <p>The subscriber's threads write {@link #demand}, {@link #refused} and {@link #cancelled}, and then wake; the task registers its waker, and
     * then reads. Only the task calls the subscriber, so its calls come one after the other.
     */
    private static final class Feed<T> extends Terminal<T, Void> implements Flow.Subscription {
        private final AtomicLong demand = new AtomicLong();
        private final AtomicWaker waiting = new AtomicWaker();
        private volatile boolean cancelled;

        /** A request that is none. */
        private volatile @Nullable Throwable refused;

        /** Null once it is not to be told anything any more. */
        private Flow.@Nullable Subscriber<? super T> subscriber;

        Feed(Flow.Subscriber<? super T> subscriber, AsyncStream<? extends T> stream) {
            super("a subscription", stream);
            this.subscriber = subscriber;
        }

        // ---- the subscriber's threads -------------------------------------------------------------------------------

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused = new IllegalArgumentException("request(" + n + "): it has to be positive");
            } else {
                demand.accumulateAndGet(n, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
            }
            waiting.wake();
        }

        @Override
        public void cancel() {
            cancelled = true;
            waiting.wake();
        }

        // ---- the task -----------------------------------------------------------------------------------------------

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            waiting.register(cx.waker());
            while (subscriber != null) {
                if (cancelled) {
                    subscriber = null;
                } else if (refused != null) {
                    source.fail(refused);
                    demand.set(1);
                    refused = null;
                } else if (demand.get() == 0) {
                    return Poll.pending();
                } else if (!tellNext(cx, subscriber)) {
                    return Poll.pending();
                }
            }
            return source.dispose(cx) ? Poll.done() : Poll.pending();
        }

        /** {@return false: nothing is there to be told yet} */
        private boolean tellNext(Context cx, Flow.Subscriber<? super T> to) {
            Object value;
            try {
                value = source.advance(cx);
            } catch (Throwable t) {
                subscriber = null;
                tell(cx, to, () -> to.onError(t));
                return true;
            }
            if (value == Stage.PENDING) {
                return false;
            }
            if (value == Stage.END) {
                subscriber = null;
                tell(cx, to, to::onComplete);
            } else if (value == null) {
                source.fail(new NullPointerException("a Flow has no null, which came from " + source));
            } else {
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                tell(cx, to, () -> to.onNext(Stage.cast(value)));
            }
            return true;
        }

        private void tell(Context cx, Object to, Foreign.Call call) {
            try {
                call.run();
            } catch (Throwable t) {
                subscriber = null;
                Owners.report(cx.spawner(), to, ", told by " + this, t);
            }
        }

        // ---- the executor cancels it --------------------------------------------------------------------------------

        @Override
        void dropped() {
            Flow.Subscriber<? super T> to = subscriber;
            subscriber = null;
            if (to != null && !cancelled) {
                Foreign.call(
                        null,
                        to,
                        ", told by " + this,
                        () -> to.onError(new CancellationException("the executor has closed, or cancelled " + this)));
            }
        }
    }
}
