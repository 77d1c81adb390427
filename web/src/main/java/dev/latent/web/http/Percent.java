package dev.latent.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The encoding of paths (RFC 3986, 2.1), where a plus is a plus. */
final class Percent {
    private Percent() {}

    /**
     * {@return {@code text}, decoded as UTF-8}
     *
     * @throws HttpException 400 when it can't be
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        byte[] bytes = new byte[text.length() / 3];
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) != '%') {
                out.append(text.charAt(i++));
                continue;
            }
            int size = 0;
            for (; i < text.length() && text.charAt(i) == '%'; i += 3) {
                bytes[size++] = (byte) (i + 2 < text.length() ? octet(text.charAt(i + 1), text.charAt(i + 2)) : bad());
            }
            try {
                out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, size)));
            } catch (CharacterCodingException e) {
                bad();
            }
        }
        return out.toString();
    }

    /** {@return {@code uri} with its spaces and what is not ASCII encoded; all else stays as it is} */
    static String written(String uri) {
        if (uri.chars().allMatch(c -> c != ' ' && c < 0x80)) {
            return uri;
        }
        StringBuilder out = new StringBuilder(uri.length() + 16);
        for (byte b : uri.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && b != ' ') {
                out.append((char) b);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static int octet(char high, char low) {
        int h = HexFormat.isHexDigit(high) ? HexFormat.fromHexDigit(high) : bad();
        return h << 4 | (HexFormat.isHexDigit(low) ? HexFormat.fromHexDigit(low) : bad());
    }

    private static int bad() {
        throw HttpException.of(400, "the path is badly encoded");
    }
}
