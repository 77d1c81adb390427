package dev.latent.web;

import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Line;
import dev.latent.web.http.ByteBudget;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Compressed messages: what is unpacked is what the JDK alone makes of the same, never longer than the limit, and all memory is given back; what is packed is unpacked again. */
public final class DeflateFuzz {
    private static final int MOST = 4096;
    private static final int HELD = 1 << 20;
    private static final WebSocketLimits LIMITS = new WebSocketLimits(MOST, MOST, 50, Duration.ofSeconds(1));
    private static final Deflate DEFLATE = new Deflate(6, 0);
    private static final Inflater ALONE = new Inflater(true);

    private DeflateFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        byte[] zeros = DEFLATE.pack(new byte[MOST]);
        byte[] bomb = DEFLATE.pack(new byte[100 * MOST]);
        byte[] text = DEFLATE.pack("hello hello hello hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return List.of(
                Cuts.seed(zeros),
                Cuts.seed(bomb),
                Cuts.seed(text),
                Cuts.seed(new byte[] {0}),
                Cuts.seed(new byte[] {1, 1, 0, (byte) 0xfe, (byte) 0xff, 65, 3, 0}),
                Cuts.seed(new byte[] {3, 0, 3, 0}));
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = Cuts.rest(input);
        if (bytes.length > LIMITS.maxFrame()) {
            return;
        }
        byte[] packed = DEFLATE.pack(bytes);
        if (packed != null) {
            Cuts.same(show(bytes), unpacked(List.of(frame(packed))), "packed and unpacked again");
        }
        byte[] frame = frame(bytes);
        String whole = unpacked(List.of(frame));
        Cuts.same(alone(bytes), whole.startsWith("refused") ? "refused" : whole, "unpacked");
        Cuts.same(whole, unpacked(Cuts.pieces(input, frame)), "cut");
    }

    private static byte[] frame(byte[] packed) {
        return Frames.encode(Frames.BINARY | Frames.PACKED, packed);
    }

    private static String show(byte[] bytes) {
        return bytes.length + " bytes " + Arrays.hashCode(bytes);
    }

    private static String unpacked(List<byte[]> pieces) {
        ByteBudget budget = new ByteBudget(HELD);
        var memory = new FramedSocket(new Line(List.of(), true), new Side(LIMITS, budget, null, DEFLATE), null, null);
        FrameDecoder decoder = new FrameDecoder(LIMITS, false, memory);
        String found = "nothing";
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece);
                while (in.hasRemaining()) {
                    if (decoder.next(in) instanceof Message.Binary(var bytes)) {
                        found = show(bytes);
                    }
                }
            }
        } catch (ProtocolViolation e) {
            decoder.drop();
            found = "refused " + e.code;
        }
        if (budget.left() != HELD) {
            throw new AssertionError(HELD - budget.left() + " bytes are held for nothing");
        }
        return found;
    }

    /** {@return what the RFC says of it (7692, 7.2.2 and 7.2.3.4), step by step and without an end to what it takes} */
    private static String alone(byte[] packed) {
        byte[] in = Arrays.copyOf(packed, packed.length + 4);
        in[packed.length + 2] = (byte) 0xff;
        in[packed.length + 3] = (byte) 0xff;
        byte[] out = new byte[MOST + 1];
        int size = 0;
        int at = 0;
        try {
            ALONE.reset();
            while (true) {
                ALONE.setInput(in, at, in.length - at);
                while (true) { // some may be to come when all was taken in
                    int n = ALONE.inflate(out, size, size < MOST ? MOST - size : out.length - size);
                    size += n;
                    if (n == 0 && ALONE.needsDictionary() || size == out.length) {
                        return "refused";
                    }
                    if (n == 0 && (ALONE.finished() || ALONE.needsInput())) {
                        break;
                    }
                }
                if (!ALONE.finished()) {
                    return show(Arrays.copyOf(out, size));
                }
                at = in.length - ALONE.getRemaining();
                if (at == in.length || at > packed.length) {
                    return show(Arrays.copyOf(out, size));
                }
                ALONE.reset();
            }
        } catch (DataFormatException e) {
            return "refused";
        }
    }
}
