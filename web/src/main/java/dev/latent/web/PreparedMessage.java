package dev.latent.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message that was encoded once and goes to many: every server-side {@link WebSocket#send(PreparedMessage)} shares its bytes. */
public final class PreparedMessage {
    final int opcode;

    /** The whole frame as a server sends it. */
    private final byte[] frame;

    /** Its compressed forms, one for each {@link Compression} that it meets. */
    private volatile @Nullable Packed packed;

    private record Packed(
            Deflate by, byte[] frame, @Nullable Packed next) {}

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

    /** {@return the whole frame as {@code out} sends it: made once for each server, and for each send of a client, which masks it} */
    byte[] frameFor(Outgoing out) {
        Deflate deflate = out.deflate;
        if (out.isMasked()) {
            byte[] packed = deflate == null ? null : deflate.pack(payload());
            return packed == null ? out.frame(opcode, payload()) : out.frame(opcode | Frames.PACKED, packed);
        }
        if (deflate == null) {
            return frame;
        }
        Packed first = packed;
        for (Packed known = first; known != null; known = known.next) {
            if (known.by == deflate) {
                return known.frame;
            }
        }
        try {
            byte[] payload = deflate.pack(payload());
            byte[] made = payload == null ? frame : Frames.encode(opcode | Frames.PACKED, payload);
            packed = new Packed(deflate, made, first);
            return made;
        } catch (OutOfMemoryError e) {
            return frame; // which is there, and may be sent as well
        }
    }

    private byte[] payload() {
        return Arrays.copyOfRange(frame, payloadAt(frame), frame.length);
    }

    /** {@return the first byte of payload of a server's {@code frame}} */
    private static int payloadAt(byte[] frame) {
        int length = frame[1];
        return length < Frames.LENGTH_16 ? 2 : length == Frames.LENGTH_16 ? 4 : 10;
    }
}
