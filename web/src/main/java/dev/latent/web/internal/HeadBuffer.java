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

    /** Where the first one stands. */
    private int start;

    private int size;

    /** How many were searched for the end of a head; where it was found, up to there. */
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
        int lines = 0;
        while (lines + 1 < size && at(lines) == '\r' && at(lines + 1) == '\n') {
            lines += 2;
        }
        skip(lines);
        return size > 0;
    }

    private byte at(int i) {
        return bytes[start + i];
    }

    /** {@return whether this can't be HTTP: it begins with neither a letter nor an empty line; ask after {@link #takeHead}} */
    public boolean isGarbage() {
        return size > 0
                && !(at(0) >= 'A' && at(0) <= 'Z' || at(0) >= 'a' && at(0) <= 'z')
                && !(size == 1 && at(0) == '\r');
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
        if (start + size + n > bytes.length) {
            int room = size == 0 ? n : Math.max(size + n, Math.max(FIRST_BYTES, 2 * size));
            byte[] more = room <= bytes.length ? bytes : new byte[room];
            System.arraycopy(bytes, start, more, 0, size);
            bytes = more;
            start = 0;
        }
        from.get(bytes, start + size, n);
        size += n;
    }

    /** {@return whether {@link #takeHead} gives one} */
    public boolean hasHead() {
        return headEnd() > 0;
    }

    /** {@return the first head, taken out, or null while its end has not come, and where it {@linkplain #isGarbage is none}} */
    public byte @Nullable [] takeHead() {
        int end = headEnd();
        if (end < 0) {
            return null;
        }
        byte[] head = start == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, start + end);
        skip(end);
        return head;
    }

    /** {@return behind how many bytes the first head ends, negative where there is none} */
    private int headEnd() {
        isBegun();
        if (isGarbage()) { // whatever a decoder would skip of it
            return -1;
        }
        int last = Math.min(size, max);
        for (int i = Math.max(searched, 3); i < last; i++) {
            if (at(i) == '\n' && at(i - 1) == '\r' && at(i - 2) == '\n' && at(i - 3) == '\r') {
                searched = i;
                return i + 1;
            }
        }
        searched = last;
        return -1;
    }

    /** {@return all that is there, to be read; {@link #skip} what was} */
    public ByteBuf view() {
        return Unpooled.wrappedBuffer(bytes, start, size);
    }

    /** Takes out the first {@code n} bytes. */
    public void skip(int n) {
        if (n == 0) {
            return;
        }
        start += n;
        size -= n;
        searched = 0;
        if (size == 0) {
            bytes = NOTHING;
            start = 0;
        }
    }

    /** {@return what is left behind the head, null when there is nothing} */
    @Nullable
    public ByteBuffer takeRest() {
        return size == 0 ? null : ByteBuffer.wrap(bytes, start, size).slice();
    }
}
