package dev.latent.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A second reading of HTTP/1.1 requests, by the letter of RFC 9112: nothing is forgiven, so that whoever reads more than this in the same bytes can be fooled about where a
 * request ends. It knows what is framing, and leaves to others what targets and hosts mean.
 */
final class StrictReader {
    private final byte[] bytes;
    private int at;

    private StrictReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Thrown where no request can be read any more. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1L;

        Stop() {
            super(null, null, false, false);
        }
    }

    /** {@return the requests, as {@link ServerFuzz} shows them, up to the first one that is none or not whole} */
    static List<String> requests(byte[] bytes) {
        StrictReader in = new StrictReader(bytes);
        List<String> found = new ArrayList<>();
        try {
            while (true) {
                found.add(in.request());
            }
        } catch (Stop e) {
            return found;
        }
    }

    private String request() throws Stop {
        while (at + 1 < bytes.length && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            at += 2;
        }
        String first = line();
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !isToken(words[0]) || words[1].isEmpty() || !words[2].matches("HTTP/1\\.\\d")) {
            throw new Stop();
        }
        boolean old = words[2].endsWith(
                ".0"); // a later minor version is spoken to as the latest that is known (RFC 9110, 6.2)
        StringBuilder shown = new StringBuilder(words[0] + (old ? " HTTP/1.0" : " HTTP/1.1"));
        long length = 0;
        boolean chunked = false;
        boolean known = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || !isToken(line.substring(0, colon))) {
                throw new Stop();
            }
            String name = line.substring(0, colon);
            String value = trimmed(line.substring(colon + 1));
            shown.append('\n').append(name).append(": ").append(value);
            if (name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("transfer-encoding")) {
                if (known) {
                    throw new Stop();
                }
                known = true;
                chunked = name.equalsIgnoreCase("transfer-encoding");
                if (chunked ? !value.equalsIgnoreCase("chunked") || old : !value.matches("\\d{1,18}")) {
                    throw new Stop();
                }
                length = chunked ? -1 : Long.parseLong(value);
            }
        }
        byte[] body = chunked ? chunks() : take(length);
        return shown.append("\n\n").append(HexFormat.of().formatHex(body)).toString();
    }

    private byte[] chunks() throws Stop {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        while (true) {
            String line = line();
            int end = line.indexOf(';');
            String size = trimmed(end < 0 ? line : line.substring(0, end));
            if (!line.startsWith(size)
                    || !size.matches("[0-9a-fA-F]+")
                    || size.length() > 15 && !size.matches("0+.{0,15}")) {
                throw new Stop();
            }
            long n = Long.parseLong(size, 16);
            if (n == 0) {
                for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
                    int colon = trailer.indexOf(':');
                    if (colon < 1 || !isToken(trailer.substring(0, colon))) {
                        throw new Stop();
                    }
                }
                return all.toByteArray();
            }
            all.writeBytes(take(n));
            if (!line().isEmpty()) {
                throw new Stop();
            }
        }
    }

    private byte[] take(long n) throws Stop {
        if (n > bytes.length - at) {
            throw new Stop();
        }
        byte[] taken = java.util.Arrays.copyOfRange(bytes, at, at + (int) n);
        at += (int) n;
        return taken;
    }

    /** {@return a line that ends in CR and LF, and has no other control than a tab in it} */
    private String line() throws Stop {
        for (int i = at; i + 1 < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\r' && bytes[i + 1] == '\n') {
                String line = new String(bytes, at, i - at, StandardCharsets.ISO_8859_1);
                at = i + 2;
                return line;
            }
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
                throw new Stop();
            }
        }
        throw new Stop();
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    private static boolean isToken(String text) {
        return text.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    }
}
