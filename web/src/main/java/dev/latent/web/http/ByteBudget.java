package dev.latent.web.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all connections of a server may hold together. Thread-safe.
 *
 * <p>Two goals compete: nobody who waits honestly should be refused, and nobody should be able to make the others wait. Whoever would
 * wait for bytes holds some, so enough of those who never finish would stop everybody: who asks for more than is left is refused.
 */
public final class ByteBudget {
    /** What each connection may hold without asking, so that those who say little go on when others have taken all. */
    public static final int FREE_BYTES = 4 * 1024;

    private final AtomicLong left;

    /** A budget of so many bytes. */
    public ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** {@return whether there were as many left, and now are taken} */
    public boolean take(long bytes) {
        for (long now = left.get(); now >= bytes; now = left.get()) {
            if (left.compareAndSet(now, now - bytes)) {
                return true;
            }
        }
        return false;
    }

    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    /** {@return how many are left} */
    public long left() {
        return left.get();
    }
}
