package dev.latent.web.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes of a stream: heads of HTTP, each up to the empty line that ends it, and what comes behind one. Empty lines before it are none of it (RFC 9112, 2.2). */
public final class HeadBuffer {
    private static final int FIRST_BYTES = 512;
    private static final byte[] NOTHING = {};

    private final int max;
    private final int capacity;
    private byte[] bytes = NOTHING;
    private int size;

    /** Where the search for the end goes on. */
    private int searched;

    /** A buffer for heads of up to so many bytes. */
    public HeadBuffer(int max) {
        this(max, max);
    }

    /** The same, that takes in so many bytes altogether. */
    public HeadBuffer(int max, int capacity) {
        this.max = max;
        this.capacity = capacity;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** {@return whether there is anything but empty lines, which it throws away} */
    public boolean isBegun() {
        int start = emptyLines();
        if (start > 0) {
            skip(start);
        }
        return size > 0;
    }

    private int emptyLines() {
        int start = 0;
        while (start + 1 < size && bytes[start] == '\r' && bytes[start + 1] == '\n') {
            start += 2;
        }
        return start;
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

    /** {@return whether nothing more can be taken in} */
    public boolean isFull() {
        return size >= capacity;
    }

    /** {@return {@code buffer}, limited to what may still come of a head} */
    public ByteBuffer room(ByteBuffer buffer) {
        return buffer.limit(Math.clamp(max - size, 0, buffer.capacity()));
    }

    /** {@return {@code buffer}, limited to what may still come altogether} */
    public ByteBuffer allRoom(ByteBuffer buffer) {
        return buffer.limit(Math.min(buffer.capacity(), capacity - size));
    }

    public void add(ByteBuffer from) {
        int n = from.remaining();
        if (size + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + n, Math.max(FIRST_BYTES, 2 * bytes.length)));
        }
        from.get(bytes, size, n);
        size += n;
    }

    /** {@return the first head, taken out, or null while its end has not come, and where it {@linkplain #isGarbage is none}} */
    public byte @Nullable [] takeHead() {
        isBegun();
        if (isGarbage()) { // whatever a decoder would skip of it
            return null;
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
        skip(n);
        return taken;
    }

    /** {@return all that is there, to be read; {@link #skip} what was} */
    public ByteBuf view() {
        return Unpooled.wrappedBuffer(bytes, 0, size);
    }

    /** Takes out the first {@code n} bytes. */
    public void skip(int n) {
        if (n == 0) {
            return;
        }
        size -= n;
        if (size == 0) {
            bytes = NOTHING;
        } else {
            System.arraycopy(bytes, n, bytes, 0, size);
        }
        searched = 0;
    }

    /** {@return what is left behind the head, null when there is nothing} */
    @Nullable
    public ByteBuffer takeRest() {
        return size == 0 ? null : ByteBuffer.wrap(bytes, 0, size);
    }
}
