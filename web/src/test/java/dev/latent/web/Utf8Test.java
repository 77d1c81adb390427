package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compared with the JDK's strict decoder. */
class Utf8Test {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(64);

    private boolean jdk(byte[] bytes) {
        return !decoder.reset()
                .decode(ByteBuffer.wrap(bytes), chars.clear(), true)
                .isError();
    }

    /** All first and second bytes, and behind them every range's edges. */
    @Test
    void allThatHasItsOwnRange() {
        int[] edges = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
        byte[] bytes = new byte[4];
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                for (int third : edges) {
                    for (int fourth : edges) {
                        bytes[0] = (byte) first;
                        bytes[1] = (byte) second;
                        bytes[2] = (byte) third;
                        bytes[3] = (byte) fourth;
                        if (jdk(bytes) != (Utf8.check(Utf8.COMPLETE, bytes, 0, 4) == Utf8.COMPLETE)) {
                            throw new AssertionError(java.util.HexFormat.of().formatHex(bytes));
                        }
                    }
                }
            }
        }
    }

    @Test
    void randomBytesInTwoPieces() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int[] interesting = {0x80, 0xbf, 0x90, 0x8f, 0xa0, 0x9f, 0xc2, 0xe0, 0xed, 0xee, 0xf0, 0xf1, 0xf4, 0xf5, 0x41};
        for (int n = 0; n < 300_000; n++) {
            byte[] bytes = new byte[random.nextInt(24)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(3) == 0 ? 'a' : interesting[random.nextInt(interesting.length)]);
            }
            int cut = random.nextInt(bytes.length + 1);
            int state = Utf8.check(Utf8.COMPLETE, bytes, 0, cut);
            state = state == Utf8.INVALID ? state : Utf8.check(state, bytes, cut, bytes.length);
            assertEquals(jdk(bytes), state == Utf8.COMPLETE, "seed " + seed);
        }
    }
}
