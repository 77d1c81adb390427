package dev.latent.sync;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future that goes through at once, or waits in a {@link Line} until it is told. Its {@link Entry} is made when it is first pending.
 *
 * @param <R> what it becomes
 */
abstract class WaitFuture<R extends @Nullable Object> extends OwnedFuture<R> {
    private @Nullable Entry entry;

    abstract Line line();

    /** {@return whether it goes through at once}: nobody waits, and what it wants is there. */
    abstract boolean passes();

    Entry newEntry() {
        return new Entry(0);
    }

    /** Has {@code entry} wait, having looked once more under the lock: {@return false when it goes through all the same} */
    abstract boolean enters(Entry entry, Waker waker);

    /**
     * {@return what it becomes}
     *
     * @param entry what it has waited in; null: it went through at once
     */
    abstract Poll<R> outcome(Context cx, @Nullable Entry entry);

    /** Its future has been dropped. Where it has been given something, that goes on to the next. */
    void leave(Entry entry) {
        line().leave(entry);
    }

    @Override
    protected final Poll<R> pollOwned(Context cx) {
        if (!cx.spend()) {
            return Poll.pending();
        }
        Entry mine = entry;
        if (mine == null) {
            if (passes()) {
                return outcome(cx, null);
            }
            mine = newEntry();
            if (!enters(mine, cx.waker())) {
                return outcome(cx, mine);
            }
            entry = mine;
        } else if (mine.told() != Entry.WAITS || !line().stays(mine, cx.waker())) {
            entry = null;
            return outcome(cx, mine);
        }
        cx.unspend();
        return Poll.pending();
    }

    @Override
    protected final void dropOwned() {
        Entry mine = entry;
        if (mine != null) {
            entry = null;
            leave(mine);
        }
    }

    /** {@return whether it waits, or has been told and not been polled since; between two polls} */
    final @Nullable Entry entry() {
        return entry;
    }
}
