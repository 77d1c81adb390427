package dev.latent.runtime;

import dev.latent.io.Net;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The driver of an executor that no task has asked for a network: it parks the thread, and costs no file descriptor.
 *
 * <p>{@code parked} is null, the parked thread, or {@link #NOTIFIED}; all three exchange it atomically, so a notice that comes
 * before the park is kept for it.
 */
final class ParkDriver implements Driver {
    private static final Object NOTIFIED = new Object();
    private static final VarHandle PARKED;

    static {
        try {
            PARKED = MethodHandles.lookup().findVarHandle(ParkDriver.class, "parked", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by PARKED
    private volatile @Nullable Object parked;

    @Override
    public void park(long nanos) {
        if (nanos > 0 && PARKED.compareAndSet(this, null, Thread.currentThread())) {
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        parked = null;
    }

    @Override
    public void unpark() {
        if (PARKED.getAndSet(this, NOTIFIED) instanceof Thread thread) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public Net net() {
        throw new IllegalStateException("this driver has no network");
    }

    @Override
    public void close() {}
}
