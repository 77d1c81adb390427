package dev.latent.web.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes of a stream until the empty line that ends an HTTP head. Empty lines before it are none of it (RFC 9112, 2.2). */
public final class HeadBuffer {
    private static final int FIRST_BYTES = 512;

    private final int max;
    private byte[] bytes = {};
    private int size;

    /** Where the search for the end goes on. */
    private int searched;

    public HeadBuffer(int max) {
        this.max = max;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** {@return whether this can't be HTTP: it begins with neither a letter nor an empty line; ask after {@link #takeHead}} */
    public boolean isGarbage() {
        return size > 0
                && !(bytes[0] >= 'A' && bytes[0] <= 'Z' || bytes[0] >= 'a' && bytes[0] <= 'z')
                && !(size == 1 && bytes[0] == '\r');
    }

    /** {@return whether the head is longer than it may be; ask after {@link #takeHead}} */
    public boolean isTooLong() {
        return size >= max;
    }

    /** {@return {@code buffer}, limited to what may still come} */
    public ByteBuffer room(ByteBuffer buffer) {
        return buffer.limit(Math.min(buffer.capacity(), max - size));
    }

    public void add(ByteBuffer from) {
        int n = from.remaining();
        if (size + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + n, Math.max(FIRST_BYTES, 2 * bytes.length)));
        }
        from.get(bytes, size, n);
        size += n;
    }

    /** {@return the first head, taken out, or null while its end has not come} */
    public byte @Nullable [] takeHead() {
        int start = 0;
        while (start + 1 < size && bytes[start] == '\r' && bytes[start + 1] == '\n') {
            start += 2;
        }
        if (start > 0) {
            take(start);
        }
        for (int i = Math.max(searched, 3); i < Math.min(size, max); i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return take(i + 1);
            }
        }
        searched = Math.min(size, max);
        return null;
    }

    private byte[] take(int n) {
        byte[] taken = Arrays.copyOf(bytes, n);
        size -= n;
        bytes = Arrays.copyOfRange(bytes, n, n + size);
        searched = 0;
        return taken;
    }

    /** {@return what is left behind the head, null when there is nothing} */
    @Nullable
    public ByteBuffer takeRest() {
        return size == 0 ? null : ByteBuffer.wrap(bytes, 0, size);
    }
}
