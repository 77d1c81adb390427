package dev.latent.time;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code next()} of a {@link Scheduled}: it sleeps until something is due, and anew when that has changed. */
final class Asking<T, E> extends OwnedFuture<Next<T>> {
    private final Scheduled<T, E> source;
    private @Nullable Future<Void> sleep;

    /** What {@link #sleep} is for, in the time of the source's clock. */
    private long deadline;

    /** What it gave. */
    private @Nullable E taken;

    /** Who polled it last, for a person; under the source's lock. */
    @Nullable
    Waker by;

    Asking(Scheduled<T, E> source) {
        this.source = source;
    }

    static <T, E> Next<T> next(Scheduled<T, E> source, @Nullable E taken) {
        return taken == null ? Next.end() : new Item<>(source.value(taken));
    }

    @Override
    protected Poll<Next<T>> pollOwned(Context cx) throws Exception {
        boolean waits = false;
        source.ask(this, cx);
        try {
            do {
                if (cx.isSpent()) {
                    waits = !cx.spend(); // which wakes
                    return Poll.pending();
                }
                Poll<Next<T>> due = look(cx);
                if (due.isReady()) {
                    cx.spend();
                    return due;
                }
                waits = sleep == null || !Owners.poll(sleep, this, cx).isReady();
                if (!waits) {
                    sleep = null;
                }
            } while (!waits);
            return Poll.pending();
        } finally {
            if (!waits) {
                source.leave(this);
                dropSleep();
            }
        }
    }

    /** {@return what is due}; or has {@link #sleep} be for the first that will be. */
    private Poll<Next<T>> look(Context cx) {
        Clock clock = source.clock(cx);
        long now = clock.nanoTime();
        long until;
        synchronized (source.lock) {
            E due = source.isOpen() ? source.take(now) : null;
            if (due != null || !source.isOpen()) {
                taken = due;
                return Poll.ready(next(source, due));
            }
            until = source.untilDue(now);
        }
        if (sleep == null || until == Scheduled.NEVER || deadline != now + until) {
            dropSleep();
            if (until != Scheduled.NEVER) {
                sleep = Async.sleep(Duration.ofNanos(until));
                Owners.claim(sleep, this);
                deadline = now + until;
            }
        }
        return Poll.pending();
    }

    private void dropSleep() {
        Future<Void> unneeded = sleep;
        if (unneeded != null) {
            sleep = null;
            Owners.drop(unneeded, this);
        }
    }

    @Override
    protected List<Future<?>> children() {
        return sleep == null ? List.of() : List.of(sleep);
    }

    @Override
    protected void dropOwned() {
        source.leave(this);
        dropSleep();
    }

    @Override
    protected void undelivered(Next<T> next) {
        E back = taken;
        if (back != null) {
            taken = null;
            source.undelivered(back);
        }
    }

    @Override
    public String toString() {
        return "next() of " + source;
    }
}
