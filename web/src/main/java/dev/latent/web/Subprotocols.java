package dev.latent.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names of subprotocols, as they stand in {@code Sec-WebSocket-Protocol} (RFC 6455, 11.3.4). */
final class Subprotocols {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Subprotocols() {}

    static boolean isToken(String name) {
        return TOKEN.matcher(name).matches();
    }

    /** {@return the names that the values of all such headers list} */
    static List<String> of(List<String> values) {
        List<String> names = new ArrayList<>();
        for (String value : values) {
            for (String name : value.split(",")) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }
}
