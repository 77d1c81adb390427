package dev.latent.runtime.driver.nio;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The direct buffers through which a driver does I/O on heap buffers. One is lent for the length of a single system call, so
 * there are as many as threads that poll, whatever the number of connections.
 *
 * <p>The JDK would use its own, one cache for each thread, which keeps buffers as large as the largest request it ever saw. It
 * is not {@link dev.latent.Context#scratch()} either: the caller may be holding a half-parsed message in that one.
 */
final class IoBuffers {
    /** What one system call moves at most; the size of {@code Context.scratch()}, for the same reason. */
    static final int BYTES = 64 * 1024;

    /** More threads than this that do I/O on heap buffers at the same instant allocate. A power of two. */
    private static final int SLOTS = 16;

    private final AtomicReferenceArray<@Nullable ByteBuffer> slots = new AtomicReferenceArray<>(SLOTS);

    /** {@return an empty buffer, to be given back} */
    ByteBuffer take() {
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            int slot = start + i & SLOTS - 1;
            if (slots.getPlain(slot) != null) {
                ByteBuffer buffer = slots.getAndSet(slot, null);
                if (buffer != null) {
                    return buffer.clear();
                }
            }
        }
        return ByteBuffer.allocateDirect(BYTES);
    }

    void give(ByteBuffer buffer) {
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            if (slots.compareAndSet(start + i & SLOTS - 1, null, buffer)) {
                return;
            }
        }
    }

    private static int start() {
        return (int) Thread.currentThread().threadId() & SLOTS - 1;
    }
}
