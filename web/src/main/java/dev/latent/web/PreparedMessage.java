package dev.latent.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message that was encoded once and goes to many: every server-side {@link WebSocket#send(PreparedMessage)} shares its bytes. */
public final class PreparedMessage {
    final int opcode;

    /** The whole frame as a server sends it. */
    private final byte[] frame;

    /** Of the server that compressed it last; who finds another's makes it anew. */
    private volatile @Nullable Packed packed;

    private record Packed(Deflate by, byte[] frame) {}

    private PreparedMessage(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.frame = Frames.encode(opcode, payload);
    }

    /** {@return {@code text}, ready to be sent} */
    public static PreparedMessage text(String text) {
        return new PreparedMessage(Frames.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return {@code bytes}, copied, ready to be sent} */
    public static PreparedMessage binary(byte[] bytes) {
        return new PreparedMessage(Frames.BINARY, bytes);
    }

    /** {@return the whole frame as a server sends it whose messages are compressed by {@code deflate}, which may be null; made once} */
    byte[] frame(@Nullable Deflate deflate) {
        if (deflate == null) {
            return frame;
        }
        Packed known = packed;
        if (known == null || known.by != deflate) {
            byte[] payload = deflate.pack(payload());
            known = new Packed(deflate, payload == null ? frame : Frames.encode(opcode | Frames.PACKED, payload));
            packed = known;
        }
        return known.frame;
    }

    byte[] payload() {
        return Arrays.copyOfRange(frame, payloadAt(frame), frame.length);
    }

    /** {@return the first byte of payload of a server's {@code frame}} */
    private static int payloadAt(byte[] frame) {
        int length = frame[1];
        return length < Frames.LENGTH_16 ? 2 : length == Frames.LENGTH_16 ? 4 : 10;
    }
}
