package dev.latent.web.internal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, read by the letter (RFC 9112, 2 to 5): whoever stands before the server may have forgiven something in another way. What it means is not looked at.
 */
public final class RequestHead {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final byte DELETE = 0x7f;
    private static final int NONE = -1;

    /** Such as {@code HTTP/1.1}. */
    private static final int VERSION_BYTES = 8;

    private final String method;
    private final String target;
    private final int major;
    private final int minor;
    private final String[] fields;

    private RequestHead(String method, String target, int major, int minor, String[] fields) {
        this.method = method;
        this.target = target;
        this.major = major;
        this.minor = minor;
        this.fields = fields;
    }

    /** {@return what stands in {@code bytes}, a head with the empty line behind it; null where that is none} */
    public static @Nullable RequestHead of(byte[] bytes) {
        int lines = lines(bytes);
        if (lines < 2) {
            return null;
        }
        int space = tokenEnd(bytes, 0);
        int end = end(bytes, space);
        int version = end - VERSION_BYTES;
        if (space == 0 || bytes[space] != ' ' || version < space + 3 || !isVersion(bytes, version)) {
            return null;
        }
        for (int i = space + 1; i < version - 1; i++) {
            if (bytes[i] == ' ' || bytes[i] == '\t') {
                return null;
            }
        }
        String[] fields = new String[2 * (lines - 2)];
        if (!readFields(bytes, end + 2, fields)) {
            return null;
        }
        return new RequestHead(
                text(bytes, 0, space),
                text(bytes, space + 1, version - 1),
                bytes[version + 5] - '0',
                bytes[version + 7] - '0',
                fields);
    }

    /** {@return how many lines there are, the empty one included; {@link #NONE} where a control stands within one} */
    private static int lines(byte[] bytes) {
        int lines = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\r') {
                i++;
                if (i == bytes.length || bytes[i] != '\n') {
                    return NONE;
                }
                lines++;
            } else if (b >= 0 && b < ' ' && b != '\t' || b == DELETE) {
                return NONE;
            }
        }
        return lines;
    }

    private static boolean isVersion(byte[] bytes, int at) {
        return bytes[at - 1] == ' '
                && bytes[at] == 'H'
                && bytes[at + 1] == 'T'
                && bytes[at + 2] == 'T'
                && bytes[at + 3] == 'P'
                && bytes[at + 4] == '/'
                && isDigit(bytes[at + 5])
                && bytes[at + 6] == '.'
                && isDigit(bytes[at + 7]);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean readFields(byte[] bytes, int first, String[] fields) {
        int at = first;
        for (int i = 0; i < fields.length; i += 2) {
            int colon = tokenEnd(bytes, at);
            if (colon == at || bytes[colon] != ':') {
                return false;
            }
            int end = end(bytes, colon);
            int from = colon + 1;
            int to = end;
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (to > from && isBlank(bytes[to - 1])) {
                to--;
            }
            fields[i] = text(bytes, at, colon);
            fields[i + 1] = text(bytes, from, to);
            at = end + 2;
        }
        return bytes[at] == '\r';
    }

    /** {@return where the first byte stands that belongs to no token; each line ends with one} */
    private static int tokenEnd(byte[] bytes, int from) {
        int at = from;
        while (isToken(bytes[at])) {
            at++;
        }
        return at;
    }

    /** {@return where the line ends} */
    private static int end(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** {@return whether {@code c} may stand in a method, or in a field's name} */
    public static boolean isToken(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c > ' ' && TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** {@return {@code GET}, {@code POST}, … as it came} */
    public String method() {
        return method;
    }

    /** {@return what is asked for, as it came} */
    public String target() {
        return target;
    }

    /** {@return the first number of the version} */
    public int major() {
        return major;
    }

    /** {@return the second number of the version} */
    public int minor() {
        return minor;
    }

    /** {@return by turns a name and its value} */
    public String[] fields() {
        return fields;
    }
}
