package compress;

import java.util.Arrays;
import java.util.Random;

/** Bytes that compress well here and not at all there. */
final class Samples {
    private Samples() {}

    static byte[] bytes(long seed, int size) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        int at = 0;
        while (at < size) {
            int n = Math.min(size - at, 1 + random.nextInt(100_000));
            switch (random.nextInt(3)) {
                case 0 -> {
                    byte[] noise = new byte[n];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, bytes, at, n);
                }
                case 1 -> Arrays.fill(bytes, at, at + n, (byte) random.nextInt());
                default -> {
                    for (int i = 0; i < n; i++) {
                        bytes[at + i] = (byte) "the quick brown fox ".charAt((i * 7 + random.nextInt(3)) % 20);
                    }
                }
            }
            at += n;
        }
        return bytes;
    }
}
