package dev.latent.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 piece by piece, so that a message is refused at the first wrong byte, wherever it was cut into frames. The JDK's
 * decoders either replace what is wrong or want the whole text.
 *
 * <p>Between two pieces the state is one int: how many bytes of the current character are missing, and the range in which the
 * next one has to be, {@code missing << 16 | low << 8 | high}. The ranges are those of the Unicode standard, table 3-7; they leave out
 * overlong forms, surrogates and what is beyond U+10FFFF.
 */
final class Utf8 {
    /** Between two characters. */
    static final int COMPLETE = 0;

    /** It is not UTF-8, whatever follows. */
    static final int INVALID = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** {@return the state after the bytes from {@code from} to {@code to}, in {@code state} before them} */
    static int check(int state, byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (state == COMPLETE) {
                while (i + 8 <= to && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                    i += 8;
                }
                while (i < to && bytes[i] >= 0) {
                    i++;
                }
                if (i == to) {
                    return COMPLETE;
                }
                state = lead(bytes[i++] & 0xff);
            } else {
                state = follow(state, bytes[i++] & 0xff);
            }
            if (state == INVALID) {
                return INVALID;
            }
        }
        return state;
    }

    private static int lead(int b) {
        if (b < 0xc2 || b > 0xf4) {
            return INVALID;
        }
        if (b < 0xe0) {
            return state(1, 0x80, 0xbf);
        }
        return switch (b) {
            case 0xe0 -> state(2, 0xa0, 0xbf);
            case 0xed -> state(2, 0x80, 0x9f);
            case 0xf0 -> state(3, 0x90, 0xbf);
            case 0xf4 -> state(3, 0x80, 0x8f);
            default -> state(b < 0xf0 ? 2 : 3, 0x80, 0xbf);
        };
    }

    private static int follow(int state, int b) {
        if (b < (state >>> 8 & 0xff) || b > (state & 0xff)) {
            return INVALID;
        }
        int missing = (state >>> 16) - 1;
        return missing == 0 ? COMPLETE : state(missing, 0x80, 0xbf);
    }

    private static int state(int missing, int low, int high) {
        return missing << 16 | low << 8 | high;
    }
}
