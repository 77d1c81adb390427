package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Timed;
import dev.latent.internal.Failures;
import dev.latent.internal.Names;
import dev.latent.internal.Sneaky;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future with a limit on its time. In each poll the future comes before the clock, so that being ready in time wins.
 *
 * @param <T> what the future becomes
 * @param <R> what this becomes: the same, or {@link Timed}
 */
public final class Timeout<T, R> extends OwnedFuture<R> {
    /** How long, or until when. */
    private final Object limit;

    private final boolean lateIsValue;
    private final Future<? extends T> future;
    private final Sleep sleep;

    /** The time was over when a poll had no budget left to say so: the next one does, before the future can spend it again. */
    private boolean due;

    /** The future is being dropped. */
    private boolean over;

    private @Nullable Throwable failure;
    private @Nullable Spawner home;

    public Timeout(Duration limit, boolean lateIsValue, Future<? extends T> future) {
        this(limit, new Sleep(limit), lateIsValue, future);
    }

    public Timeout(Instant deadline, boolean lateIsValue, Future<? extends T> future) {
        this(deadline, new SleepUntil(deadline), lateIsValue, future);
    }

    private Timeout(Object limit, Sleep sleep, boolean lateIsValue, Future<? extends T> future) {
        this.limit = limit;
        this.lateIsValue = lateIsValue;
        this.future = future;
        this.sleep = sleep;
        Owners.claim(sleep, this);
        Owners.claim(future, this);
    }

    @Override
    protected Poll<R> pollOwned(Context cx) throws Exception {
        home = cx.spawner();
        if (!over) {
            try {
                sleep.start(cx);
            } catch (Throwable noClock) {
                over = true;
                failure = noClock;
                return late(cx);
            }
            if (due && cx.spend()) {
                dropSleep();
            } else {
                Poll<? extends T> poll = pollFuture(cx);
                if (poll instanceof Poll.Ready<? extends T>(var value)) {
                    try {
                        return Poll.ready(inTime(value));
                    } catch (Throwable noMemory) {
                        Owners.undelivered(future, value);
                        throw noMemory;
                    }
                }
                try {
                    if (!Owners.poll(sleep, this, cx).isReady()) {
                        due = cx.isSpent() && sleep.isDue();
                        if (due) {
                            cx.waker().wake();
                        }
                        return Poll.pending();
                    }
                } catch (Throwable noTimer) {
                    over = true;
                    failure = noTimer;
                    return late(cx);
                }
            }
            over = true;
            failure = lateIsValue ? null : new TimeoutException("not ready " + words() + ": " + Names.of(future));
        }
        return late(cx);
    }

    private String words() {
        return (limit instanceof Instant ? "by " : "within ") + limit + (sleep.isVirtual() ? " of virtual time" : "");
    }

    private Poll<? extends T> pollFuture(Context cx) throws Exception {
        boolean waits = false;
        try {
            Poll<? extends T> poll = Owners.poll(future, this, cx);
            waits = !poll.isReady();
            return poll;
        } finally {
            if (!waits) {
                dropSleep();
            }
        }
    }

    /** The timers may be anybody's, and the future is not to suffer for them. */
    private void dropSleep() {
        try {
            Owners.drop(sleep, this);
        } catch (Throwable t) {
            Owners.report(home, sleep, ", dropped by " + this, t);
        }
    }

    @SuppressWarnings("unchecked")
    private R inTime(T value) {
        return lateIsValue ? (R) new Timed.InTime<>(value) : (R) value;
    }

    @SuppressWarnings("unchecked")
    private Poll<R> late(Context cx) {
        if (!dropFuture(cx)) {
            return Poll.pending();
        }
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        return Poll.ready((R) new Timed.TooLate<T>());
    }

    private boolean dropFuture(Context cx) {
        try {
            return Owners.pollDrop(future, this, cx).isReady();
        } catch (Throwable t) {
            if (failure != null) {
                Failures.add(failure, t);
            } else {
                Owners.report(home, future, ", dropped by " + this, t);
            }
            return true;
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        return Owners.isEnded(future) ? List.of() : List.of(future);
    }

    /** Its time, after which it waits for nothing else. */
    @Override
    protected Object waitsFor() {
        return sleep;
    }

    @Override
    protected void dropOwned() {
        try {
            Owners.drop(future, this);
        } finally {
            dropSleep();
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        dropSleep();
        return Owners.pollDrop(future, this, cx);
    }

    @Override
    protected void undelivered(R value) {
        if (!lateIsValue) {
            Owners.undelivered(future, value);
        } else if (value instanceof Timed.InTime<?>(var inTime)) {
            Owners.undelivered(future, inTime);
        }
    }

    @Override
    public String toString() {
        return (limit instanceof Instant ? "timeout at " : "timeout of ") + limit;
    }
}
