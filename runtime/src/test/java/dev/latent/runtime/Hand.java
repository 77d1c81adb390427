package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Futures written by hand, for tests. */
final class Hand {
    private Hand() {}

    interface Body<T extends @Nullable Object> {
        Poll<T> poll(Context cx) throws Exception;
    }

    static <T extends @Nullable Object> Future<T> poll(Body<T> body) {
        return new Future<>() {
            @Override
            public Poll<T> poll(Context cx) throws Exception {
                return body.poll(cx);
            }

            @Override
            public void drop() {}

            @Override
            public String toString() {
                return "body";
            }
        };
    }

    static <T extends @Nullable Object> Future<T> value(T value) {
        return poll(_ -> Poll.ready(value));
    }

    static Future<Integer> yields(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return poll(cx -> {
            if (left.getAndDecrement() == 0) {
                return Poll.ready(times);
            }
            cx.waker().wake();
            return Poll.pending();
        });
    }

    /** Somebody's own timers, which are never asked. */
    static final Timers NO_TIMERS = _ -> {
        throw new UnsupportedOperationException();
    };

    static Future<Void> sleep(long nanos) {
        return new Future<>() {
            @Nullable
            Future<Void> sleep;

            @Override
            public Poll<Void> poll(Context cx) throws Exception {
                Future<Void> s = sleep;
                if (s == null) {
                    Timers timers = cx.capability(Timers.class);
                    s = timers.sleepUntil(cx.capability(Clock.class).nanoTime() + nanos);
                    sleep = s;
                }
                return s.poll(cx);
            }

            @Override
            public void drop() {
                if (sleep != null) {
                    sleep.drop();
                }
            }
        };
    }

    /** A cell with one waiter, safe between threads. */
    static final class Signal implements Future<Void> {
        private volatile boolean set;
        private volatile @Nullable Waker waker;
        final CountDownLatch polled = new CountDownLatch(1);
        final CountDownLatch dropped = new CountDownLatch(1);

        void set() {
            set = true;
            Waker w = waker;
            if (w != null) {
                w.wake();
            }
        }

        @Override
        public Poll<Void> poll(Context cx) {
            waker = cx.waker();
            polled.countDown();
            return set ? Poll.done() : Poll.pending();
        }

        @Override
        public void drop() {
            dropped.countDown();
        }
    }
}
