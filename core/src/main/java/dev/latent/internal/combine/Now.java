package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Timed;

/** {@link Futures#now}. Its future is polled a second time where the first poll had to end for want of budget. */
public final class Now<T> extends Single<T, Timed<T>> {
    private boolean polled;

    /** It was pending, and is being dropped. */
    private boolean late;

    public Now(Future<? extends T> future) {
        take(future);
    }

    @Override
    protected Poll<Timed<T>> pollOwned(Context cx) throws Exception {
        if (!late) {
            if (pollInner(cx) instanceof Poll.Ready<T>(var value)) {
                try {
                    return Poll.ready(new Timed.InTime<>(value));
                } catch (Throwable noMemory) {
                    undeliveredInner(value);
                    throw noMemory;
                }
            }
            if (!polled && cx.isSpent()) {
                polled = true;
                cx.waker().wake();
                return Poll.pending();
            }
            late = true;
        }
        return pollDropOwned(cx).isReady() ? Poll.ready(new Timed.TooLate<>()) : Poll.pending();
    }

    @Override
    protected void undelivered(Timed<T> value) {
        if (value instanceof Timed.InTime<T>(var inTime)) {
            undeliveredInner(inTime);
        }
    }

    @Override
    public String toString() {
        return "now of " + inner();
    }
}
