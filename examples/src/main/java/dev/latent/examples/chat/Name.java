package dev.latent.examples.chat;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a person or a room is called: as it is shown, and as it is told from others.
 *
 * <p>Two names are one when a reader could not tell them apart by letters and spaces: "Ada", " ada " and "Ａｄａ" are. Characters that show nothing, or change how
 * their neighbours show, are in no name. Letters of different scripts that look alike are told apart; that is for Unicode's report 39.
 */
record Name(String shown, String key) {
    /** Of a name, in code points. */
    static final int MAX = 32;

    /** {@return the name; null when it is none: nothing to see in it, something invisible, or too long} */
    static @Nullable Name of(@Nullable String text) {
        if (text == null || text.length() > 8 * MAX) {
            return null;
        }
        String shown = Normalizer.normalize(text, Normalizer.Form.NFKC).strip().replaceAll("\\s+", " ");
        boolean isName = !shown.isEmpty()
                && shown.codePointCount(0, shown.length()) <= MAX
                && !isMark(shown.codePointAt(0))
                && shown.codePoints().allMatch(Name::shows);
        return isName
                ? new Name(shown, Normalizer.normalize(shown.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC))
                : null;
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static boolean shows(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> !isBlankLetter(c);
        };
    }

    /** Of Unicode's default ignorable code points those that are letters or marks by category, and the empty Braille cell. */
    private static boolean isBlankLetter(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c >= 0x180B && c <= 0x180F
                || c == 0x2800
                || c == 0x3164
                || c >= 0xFE00 && c <= 0xFE0F
                || c == 0xFFA0
                || c >= 0xE0100 && c <= 0xE01EF;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Name name && name.key.equals(key);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(key);
    }

    @Override
    public String toString() {
        return shown;
    }
}
