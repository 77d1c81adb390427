package dev.latent.sync;

import dev.latent.WaiterList;
import dev.latent.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One who waits in a {@link Line}, once: made when a future is first pending, told at most once, never used again. */
final class Entry extends WaiterList.Waiter {
    /** Nobody has told it anything. */
    static final int WAITS = 0;

    /** It has what it waited for. */
    static final int TOLD = 1;

    /** What it waited for has come for everybody, or will never come. */
    static final int TOLD_ALL = 2;

    /** It had what it waited for, and its future has given that to whoever awaited it. */
    static final int TAKEN = 3;

    /** Permits that it wants; in a {@link WaitGroup} what its {@code times} were; else without use. */
    final long wants;

    private static final VarHandle TOLD_WHAT;

    static {
        try {
            TOLD_WHAT = MethodHandles.lookup().findVarHandle(Entry.class, "told", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written by {@link #tell}, read by {@link #told}. */
    @SuppressWarnings("unused")
    private int told;

    /** From being told on: who is to be woken. */
    @Nullable
    Waker wakes;

    /** The next of those that were told in the same step. */
    @Nullable
    Entry behind;

    Entry(long wants) {
        this.wants = wants;
    }

    /** By whoever tells it, under the line's lock; TAKEN by its future. Partner of {@link #told}. */
    void tell(int what) {
        TOLD_WHAT.setRelease(this, what);
    }

    /** {@return what it has been told; what happened before that is visible} */
    int told() {
        return (int) TOLD_WHAT.getAcquire(this);
    }
}
