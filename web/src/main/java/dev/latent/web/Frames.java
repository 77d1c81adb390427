package dev.latent.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The layout of a frame, RFC 6455 section 5.2, and how to write one. */
final class Frames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Payload of a control frame, at most. */
    static final int MAX_CONTROL = 125;

    /** Flags and length, eight more bytes of length, four of mask. */
    static final int MAX_HEADER = 14;

    static final int FIN = 0x80;

    /** Beside an opcode: the message is compressed (RFC 7692, 7.2). */
    static final int PACKED = 0x40;

    static final int MASKED = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Frames() {}

    /** {@return bytes of the header of an unmasked frame} */
    static int headerSize(int length) {
        return length < LENGTH_16 ? 2 : length <= 0xffff ? 4 : 10;
    }

    /** Writes the header of a whole message or control frame that is not masked. */
    static void header(ByteBuffer to, int opcode, int length) {
        header(to, opcode, length, 0);
    }

    /** Writes the same, masked by {@code mask}; the payload that follows has to be {@link #xor}ed. */
    static void maskedHeader(ByteBuffer to, int opcode, int length, int mask) {
        header(to, opcode, length, MASKED);
        to.putInt(mask);
    }

    private static void header(ByteBuffer to, int opcode, int length, int masked) {
        to.put((byte) (FIN | opcode));
        if (length < LENGTH_16) {
            to.put((byte) (masked | length));
        } else if (length <= 0xffff) {
            to.put((byte) (masked | LENGTH_16)).putShort((short) length);
        } else {
            to.put((byte) (masked | LENGTH_64)).putLong(length);
        }
    }

    /** {@return a whole frame, not masked} */
    static byte[] encode(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(headerSize(payload.length) + payload.length);
        header(frame, opcode, payload.length);
        return frame.put(payload).array();
    }

    /** {@return a whole frame, masked by {@code mask}} */
    static byte[] encodeMasked(int opcode, byte[] payload, int mask) {
        ByteBuffer frame = ByteBuffer.allocate(headerSize(payload.length) + 4 + payload.length);
        maskedHeader(frame, opcode, payload.length, mask);
        int from = frame.position();
        byte[] bytes = frame.put(payload).array();
        xor(bytes, from, bytes.length, mask);
        return bytes;
    }

    /** Masks or unmasks; the first byte goes with the highest byte of {@code mask}. */
    static void xor(byte[] bytes, int from, int to, int mask) {
        long twice = (long) mask << 32 | mask & 0xffffffffL;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
        }
        for (int shift = 56; i < to; i++, shift -= 8) {
            bytes[i] ^= (byte) (twice >>> shift);
        }
    }

    /**
     * {@return the payload of a close frame}
     *
     * @throws IllegalArgumentException when the code can't be sent or the reason takes more than 123 bytes
     */
    static byte[] closePayload(int code, String reason) {
        if (code == WebSocketClosed.NO_CODE && reason.isEmpty()) {
            return new byte[0];
        }
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        if (!WebSocketClosed.isSendable(code) || words.length > MAX_CONTROL - 2) {
            throw new IllegalArgumentException(
                    "not for a close frame: code " + code + ", reason of " + words.length + " bytes");
        }
        return ByteBuffer.allocate(2 + words.length)
                .putShort((short) code)
                .put(words)
                .array();
    }
}
