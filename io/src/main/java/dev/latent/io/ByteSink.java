package dev.latent.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that grow as they are put: what a {@link Codec} encodes into. Numbers are big-endian, as networks have them.
 *
 * <p>Against {@link java.io.ByteArrayOutputStream}: what is in it is sent without a copy, and holds no memory once that is done.
 */
public final class ByteSink {
    private static final int FIRST_BYTES = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** From its position to its limit: what waits to be sent. */
    private ByteBuffer bytes = NOTHING;

    ByteSink() {}

    /** Puts one byte, the lowest of {@code value}. */
    public ByteSink put(int value) {
        room(1).put((byte) value);
        return this;
    }

    /** Puts two bytes, the lowest of {@code value}. */
    public ByteSink putShort(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    /** Puts four bytes. */
    public ByteSink putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    /** Puts eight bytes. */
    public ByteSink putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Puts all of {@code value}. */
    public ByteSink put(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** Puts what remains of {@code value}, which then has no more. */
    public ByteSink put(ByteBuffer value) {
        room(value.remaining()).put(value);
        return this;
    }

    /** Puts {@code text} in UTF-8. */
    public ByteSink put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return how many bytes wait in it} */
    public int size() {
        return bytes.remaining();
    }

    /** {@return a place of {@code n} bytes at the end, to be filled} */
    private ByteBuffer room(int n) {
        int size = bytes.remaining();
        if (bytes.capacity() - bytes.limit() < n) {
            if (size + (long) n <= bytes.capacity()) {
                bytes.compact().flip();
            } else {
                long capacity = Math.max(size + (long) n, Math.min(2L * bytes.capacity(), Integer.MAX_VALUE - 8));
                ByteBuffer larger = ByteBuffer.allocate(Math.max(FIRST_BYTES, Math.toIntExact(capacity)));
                bytes = larger.put(bytes).flip();
            }
        }
        int at = bytes.limit();
        bytes.limit(at + n);
        return bytes.slice(at, n);
    }

    /** {@return what waits, whose position moves as it is sent} */
    ByteBuffer waiting() {
        return bytes;
    }

    /** Takes back all that was put since it had {@code size} bytes. */
    void shrink(int size) {
        bytes.limit(bytes.position() + size);
    }

    /** All has been sent. */
    void clear() {
        bytes = NOTHING;
    }

    @Override
    public String toString() {
        return size() + " bytes to be sent";
    }
}
