package dev.latent.web;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Frames written by hand, and what the decoder makes of them. */
public final class Bytes {
    static final int MASK = 0x37fa213d;

    private Bytes() {}

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** {@return a masked frame, header bits as given, length in its shortest form} */
    public static byte[] frame(int first, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(payload.length + Frames.MAX_HEADER);
        b.put((byte) first);
        if (payload.length < 126) {
            b.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            b.put((byte) 0xfe).putShort((short) payload.length);
        } else {
            b.put((byte) 0xff).putLong(payload.length);
        }
        b.putInt(MASK);
        byte[] mask = {0x37, (byte) 0xfa, 0x21, 0x3d};
        for (int i = 0; i < payload.length; i++) {
            b.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] out = new byte[b.position()];
        b.get(0, out);
        return out;
    }

    public static byte[] concat(byte[]... parts) {
        int size = 0;
        for (byte[] p : parts) {
            size += p.length;
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (byte[] p : parts) {
            all.put(p);
        }
        return all.array();
    }

    /** {@return the frames of a server, as text that can be compared} */
    public static List<String> decode(byte[] all) throws Exception {
        return decode(new FrameDecoder(new WebSocketLimits(1 << 26, 1 << 26, Duration.ofSeconds(1)), false), all);
    }

    /** {@return what comes out, as text that can be compared} */
    static List<String> decode(FrameDecoder decoder, byte[]... pieces) throws ProtocolViolation {
        List<String> found = new ArrayList<>();
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            while (in.hasRemaining()) {
                Incoming next = decoder.next(in);
                if (next != null) {
                    found.add(show(next));
                }
            }
        }
        return found;
    }

    static String show(Incoming i) {
        HexFormat hex = HexFormat.of();
        return switch (i) {
            case Message.Text(var text) -> "text " + text;
            case Message.Binary(var bytes) -> "binary " + hex.formatHex(bytes);
            case Incoming.Ping(var p) -> "ping " + hex.formatHex(p);
            case Incoming.Pong(var p) -> "pong " + hex.formatHex(p);
            case Incoming.Close(int code, var reason) -> "close " + code + " " + reason;
        };
    }
}
