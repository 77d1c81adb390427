package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Releasable;
import dev.latent.Waker;
import dev.latent.task.Deadlocks;
import org.jspecify.annotations.Nullable;

/** A future of the guard of a lock. */
abstract class LockFuture<G extends Releasable> extends Acquire<G> {
    LockFuture(LockCore core, long wants) {
        super(core, wants);
    }

    /** {@return what this is a future of, in words: a lock, a read lock} */
    abstract String what();

    private LockCore core() {
        return (LockCore) from;
    }

    /** {@return the guard} {@code by} is what the core is to know its holder by. */
    abstract G guard(Object by, boolean known);

    @Override
    final G given(Context cx, @Nullable Entry entry) {
        // Who was handed it as it waited is known already.
        return entry != null && entry.wakes != null ? guard(entry, true) : guard(cx.waker(), false);
    }

    @Override
    boolean enters(Entry entry, Waker waker) {
        core().isWaitedFor(); // before it waits: what throws then has left nothing behind
        return super.enters(entry, waker);
    }

    @Override
    protected @Nullable Object waitsFor() {
        return entry() == null ? null : from;
    }

    @Override
    public String toString() {
        Entry mine = entry();
        if (mine == null) {
            return what() + " of " + from;
        }
        if (mine.told() == Entry.TOLD) {
            return what() + " of " + from + ", which it has been handed";
        }
        return what() + " of " + from + ", held by " + Deadlocks.named(core().holders()) + "; "
                + core().waiters().size() + " in line";
    }
}
