package dev.latent.web.internal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port as they stand in a {@code Host} header, an origin or an address (RFC 3986, 3.2). Unlike {@link java.net.URI} it
 * takes every name that the RFC allows, underscores included.
 *
 * @param host in lower case, an IPv6 address in its brackets; empty where there is none
 * @param port {@link #NO_PORT} where it is the scheme's
 */
public record Authority(String host, int port) {
    public static final int NO_PORT = -1;
    public static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;

    /** {@return the authority that {@code text} is; null when it is none, or has a user's name in it} */
    public static @Nullable Authority parse(String text) {
        int colon = text.indexOf(':', text.startsWith("[") ? Math.max(0, text.indexOf(']')) : 0);
        String host = colon < 0 ? text : text.substring(0, colon);
        int port = colon < 0 ? NO_PORT : port(text.substring(colon + 1));
        return port < NO_PORT || !(host.startsWith("[") ? isLiteral(host) : isName(host))
                ? null
                : new Authority(host.toLowerCase(Locale.ROOT), port);
    }

    /**
     * An address that names a place.
     *
     * @param scheme in lower case
     * @param authority its host is not empty
     * @param rest path, query and fragment, as far as there are any
     */
    public record Address(String scheme, Authority authority, String rest) {
        /** {@return the address that {@code text} is; null when it is none, or has a user's name in it} */
        public static @Nullable Address parse(String text) {
            int scheme = text.indexOf("://");
            if (scheme <= 0) {
                return null;
            }
            int end = scheme + 3;
            while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            Authority authority = Authority.parse(text.substring(scheme + 3, end));
            return authority == null || authority.host().isEmpty()
                    ? null
                    : new Address(text.substring(0, scheme).toLowerCase(Locale.ROOT), authority, text.substring(end));
        }

        /** {@return the port of those that name none; {@link #NO_PORT} where the scheme is unknown} */
        public int standardPort() {
            return switch (scheme) {
                case "http", "ws" -> HTTP_PORT;
                case "https", "wss" -> HTTPS_PORT;
                default -> NO_PORT;
            };
        }
    }

    /** {@return the same number, or less than {@link #NO_PORT} when it is none} */
    private static int port(String digits) {
        if (digits.isEmpty()) {
            return NO_PORT;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            port = port * 10 + digit;
            if (digit < 0 || digit > 9 || port > MAX_PORT) {
                return NO_PORT - 1;
            }
        }
        return port;
    }

    private static boolean isLiteral(String host) {
        return host.length() > 2
                && host.endsWith("]")
                && host.substring(1, host.length() - 1).chars().allMatch(c -> isUnreserved(c) || c == ':' || c == '%');
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!isUnreserved(c) && "!$&'()*+,;=%".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    /** {@return the host as a resolver takes it} */
    public String name() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** {@return its port, or {@code standard} where it names none} */
    public int portOr(int standard) {
        return port == NO_PORT ? standard : port;
    }

    /** {@return whether both are the same place for a scheme whose port is {@code standard}} */
    public boolean isSame(Authority other, int standard) {
        return host.equals(other.host) && portOr(standard) == other.portOr(standard);
    }

    @Override
    public String toString() {
        return port == NO_PORT ? host : host + ":" + port;
    }
}
