package dev.latent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The place of one waker, between a future that waits and whatever will wake it, on another thread perhaps.
 *
 * <p>Who waits first leaves its waker and <em>then</em> looks at what it waits for; who has made that true <em>then</em> wakes:
 *
 * <pre>{@code
 *   poll:   place.register(cx.waker());         event:   state = READY;     // volatile
 *           if (state == READY) return ready;            place.wake();
 *           return pending;
 * }</pre>
 *
 * <p>Both sides write before they read, so one of them sees the other: either the poll finds the state, or the event finds the
 * waker. A waker is taken as it is woken, so an event wakes nobody twice and keeps no task from being collected.
 *
 * <p><em>Memory effects:</em> what happened before {@link #wake} is visible to the poll that it causes.
 */
public final class AtomicWaker {
    private static final VarHandle WAKER;

    static {
        try {
            WAKER = MethodHandles.lookup().findVarHandle(AtomicWaker.class, "waker", Waker.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Waker waker;

    /** An empty place. */
    public AtomicWaker() {}

    /** Leaves {@code waker} in the place of the one before. To be followed by a look at what is waited for. */
    public void register(Waker waker) {
        // The same one again need not be written: whoever takes it from now on wakes it, and whoever has taken it left
        // null.
        if (this.waker != waker) {
            WAKER.setVolatile(this, waker);
        }
    }

    /** Wakes whoever has registered since the last time. Never throws: a waker that does, against its contract, is reported. */
    public void wake() {
        Foreign.wake(take());
    }

    /** {@return the waker that is registered, which is so no more; null: nobody waits} */
    public @Nullable Waker take() {
        return waker == null ? null : (Waker) WAKER.getAndSet(this, null);
    }
}
