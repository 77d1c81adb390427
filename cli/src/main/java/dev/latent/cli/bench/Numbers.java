package dev.latent.cli.bench;

import java.util.Locale;

/** Numbers as people read them: three digits that count, thousands apart. */
public final class Numbers {
    private static final int DIGITS = 3;
    private static final double MANY = 1_000;

    private Numbers() {}

    /** {@return it with three digits that count} */
    public static String shown(double value) {
        if (value == 0) {
            return "0";
        }
        if (Math.abs(value) >= MANY) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int whole = (int) Math.floor(Math.log10(Math.abs(value))) + 1;
        return String.format(Locale.ROOT, "%." + Math.clamp(DIGITS - whole, 0, DIGITS) + "f", value);
    }

    static String ratio(double value) {
        return value >= 10 ? shown(value) + "×" : String.format(Locale.ROOT, "%.2f×", value);
    }

    /** {@return it without digits that say nothing} */
    static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
