package dev.latent.channel;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList;
import dev.latent.channel.Watch.State;
import org.jspecify.annotations.Nullable;

/** What waits for a {@link Watch} to change. It looks without the lock, and waits only if nothing has changed since it looked. */
abstract class Watching<T, R> extends OwnedFuture<R> {
    final Watch<T> watch;
    private WaiterList.@Nullable Waiter waiter;

    Watching(Watch<T> watch) {
        this.watch = watch;
    }

    /** {@return what there is to tell of {@code state}, or pending} */
    abstract Poll<R> look(State<T> state) throws Exception;

    /** Under the lock: {@return whether there is something to tell of {@code state} by now, though it has been looked at} */
    boolean isStale(State<T> state) {
        return false;
    }

    @Override
    protected final Poll<R> pollOwned(Context cx) throws Exception {
        if (!cx.spend()) {
            return Poll.pending();
        }
        Poll<R> found;
        State<T> seen;
        try {
            do {
                seen = watch.state();
                found = look(seen);
            } while (!found.isReady() && !waits(seen, cx));
        } catch (Throwable t) {
            dropOwned();
            throw t;
        }
        if (found.isReady()) {
            dropOwned();
        } else {
            cx.unspend();
        }
        return found;
    }

    private boolean waits(State<T> seen, Context cx) {
        watch.waiting.lock();
        try {
            if (watch.state() != seen || isStale(seen)) {
                return false;
            }
            if (waiter == null) {
                waiter = new WaiterList.Waiter();
            }
            watch.waiting.add(waiter, cx.waker());
            return true;
        } finally {
            watch.waiting.unlock();
        }
    }

    @Override
    protected final void dropOwned() {
        if (waiter != null) {
            watch.waiting.lock();
            watch.waiting.remove(waiter);
            watch.waiting.unlock();
        }
    }
}
