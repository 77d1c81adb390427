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

    private final long bytes;
    private final AtomicLong left;
    private final AtomicLong refusals = new AtomicLong();

    /** A budget of so many bytes. */
    public ByteBudget(long bytes) {
        this.bytes = bytes;
        this.left = new AtomicLong(bytes);
    }

    /** {@return whether there were as many left, and now are taken} */
    public boolean take(long bytes) {
        for (long now = left.get(); now >= bytes; now = left.get()) {
            if (left.compareAndSet(now, now - bytes)) {
                return true;
            }
        }
        refusals.incrementAndGet();
        return false;
    }

    public void give(long bytes) {
        left.addAndGet(bytes);
    }

    /** {@return how many are taken} */
    public long held() {
        return bytes - left.get();
    }

    /** {@return how often there were not enough left} */
    public long refusals() {
        return refusals.get();
    }

    /** {@return how many are left} */
    public long left() {
        return left.get();
    }
}
