package dev.latent.sync;

import dev.latent.WaiterList;
import dev.latent.Waker;
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

    /** Permits that it wants; what has no permits has no use for it. */
    final long wants;

    /** Written under the line's lock, and TAKEN by its future; read by that at any time. */
    volatile int told;

    /** From being told on: who is to be woken. */
    @Nullable
    Waker wakes;

    /** The next of those that were told in the same step. */
    @Nullable
    Entry behind;

    Entry(long wants) {
        this.wants = wants;
    }
}
