package dev.latent.runtime.driver;

import dev.latent.io.Net;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The driver of an executor that no task has asked for a network: it parks the thread, and costs no file descriptor.
 *
 * <p>{@code thread} is written before {@link Parking#enter} and read after {@link Parking#notice} has met a parked thread. By then
 * that one may have come out and another gone in, who comes out once for nothing.
 */
public final class ParkDriver implements Driver {
    private final Parking parking = new Parking();
    private @Nullable Thread thread;

    @Override
    public int park(long nanos) {
        if (nanos > 0) {
            thread = Thread.currentThread();
            try {
                if (parking.enter()) {
                    if (nanos == Long.MAX_VALUE) {
                        LockSupport.park(this);
                    } else {
                        LockSupport.parkNanos(this, nanos);
                    }
                }
            } finally {
                parking.leave();
            }
        } else {
            parking.leave();
        }
        return 0;
    }

    @Override
    public void unpark() {
        if (parking.notice()) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public long parks() {
        return parking.parks();
    }

    @Override
    public Net net() {
        throw new IllegalStateException("this driver has no network");
    }

    @Override
    public void close() {}
}
