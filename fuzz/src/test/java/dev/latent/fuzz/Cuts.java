package dev.latent.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How an input is cut into the pieces that a network brings: by a seed that the input begins with, so that the fuzzer finds cuts as it finds bytes. */
public final class Cuts {
    /** Bytes of the seed. */
    public static final int SEED_BYTES = 2;

    private Cuts() {}

    /** {@return {@code input} without its seed} */
    public static byte[] rest(byte[] input) {
        return Arrays.copyOfRange(input, Math.min(SEED_BYTES, input.length), input.length);
    }

    /** {@return {@code bytes} as one piece, or none} */
    public static List<byte[]> whole(byte[] bytes) {
        return bytes.length == 0 ? List.of() : List.of(bytes);
    }

    /** {@return {@code bytes} in pieces, as the seed of {@code input} says: of one byte, of a few, or of many; none is empty} */
    public static List<byte[]> pieces(byte[] input, byte[] bytes) {
        int seed = 0;
        for (int i = 0; i < SEED_BYTES && i < input.length; i++) {
            seed = seed << Byte.SIZE | input[i] & 0xff;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int most = new int[] {1, 8, 64, 256}[seed & 3];
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int n = Math.min(bytes.length - at, 1 + random.nextInt(most));
            pieces.add(Arrays.copyOfRange(bytes, at, at + n));
            at += n;
        }
        return pieces;
    }

    /** {@return a first input of that text, behind a seed} */
    public static byte[] seed(String latin1) {
        return seed(latin1.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    /** {@return a first input of these bytes, behind a seed} */
    public static byte[] seed(byte[] bytes) {
        byte[] all = new byte[SEED_BYTES + bytes.length];
        all[1] = 1;
        System.arraycopy(bytes, 0, all, SEED_BYTES, bytes.length);
        return all;
    }

    /** Fails where the two ways of reading the same have found something else. */
    public static void same(Object whole, Object cut, String what) {
        if (!whole.equals(cut)) {
            throw new AssertionError(what + ":\n" + whole + "\nand not\n" + cut);
        }
    }
}
