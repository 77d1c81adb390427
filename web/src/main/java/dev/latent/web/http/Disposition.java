package dev.latent.web.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a form's part says (RFC 7578, 4).
 *
 * @param fileName null of a field that is no file
 * @param contentType null where none is given
 */
record Disposition(
        String name, @Nullable String fileName, @Nullable String contentType) {
    private static final String UTF_8 = "utf-8''";

    /**
     * {@return what {@code head} says}
     *
     * @throws HttpException 400 where that is not what a part is
     */
    static Disposition parse(String head) {
        String said = null;
        String type = null;
        for (String line : head.split("\r\n")) {
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                continue;
            }
            if (colon < 1) {
                throw malformed();
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> said = value;
                case "content-type" -> type = value;
                default -> {}
            }
        }
        if (said == null) {
            throw malformed();
        }
        String name = parameter(said, "name");
        String file = parameter(said, "filename");
        String extended = parameter(said, "filename*");
        if (extended != null && extended.toLowerCase(Locale.ROOT).startsWith(UTF_8)) {
            file = Percent.decode(extended.substring(UTF_8.length()));
        }
        if (name == null || !said.split(";", 2)[0].strip().equalsIgnoreCase("form-data")) {
            throw malformed();
        }
        return new Disposition(name, file, type);
    }

    static HttpException malformed() {
        return HttpException.of(400, "the form is malformed");
    }

    /**
     * {@return the first parameter of that name in {@code text}, null where there is none} In quotation marks a backslash stands before a mark only: clients write paths of Windows.
     */
    static @Nullable String parameter(String text, String name) {
        int at = text.indexOf(';');
        while (at >= 0) {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '=' && text.charAt(end) != ';') {
                end++;
            }
            if (end == text.length() || text.charAt(end) == ';') { // without a value: there may be others behind it
                at = text.indexOf(';', end);
                continue;
            }
            String found = text.substring(at + 1, end).strip();
            int i = end + 1;
            while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
                i++;
            }
            StringBuilder value = new StringBuilder();
            if (i < text.length() && text.charAt(i) == '"') {
                for (i++; i < text.length() && text.charAt(i) != '"'; i++) {
                    if (text.startsWith("\\\"", i)) {
                        i++;
                    }
                    value.append(text.charAt(i));
                }
                at = text.indexOf(';', i);
            } else {
                at = text.indexOf(';', i);
                value.append(text.substring(i, at < 0 ? text.length() : at).strip());
            }
            if (found.equalsIgnoreCase(name)) {
                return value.toString();
            }
        }
        return null;
    }
}
