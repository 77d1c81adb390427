package dev.latent.web.ws;

import java.nio.charset.StandardCharsets;

/** A message that was encoded once and goes to many: every server-side {@link WebSocket#send(PreparedMessage)} shares its bytes. */
public final class PreparedMessage {
    final int opcode;

    /** The whole frame as a server sends it. */
    final byte[] frame;

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

    /** {@return the frame's first byte of payload} */
    int payloadAt() {
        int length = frame[1];
        return length < Frames.LENGTH_16 ? 2 : length == Frames.LENGTH_16 ? 4 : 10;
    }
}
