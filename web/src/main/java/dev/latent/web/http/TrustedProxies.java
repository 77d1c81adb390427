package dev.latent.web.http;

import dev.latent.web.internal.Authority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A middleware that believes proxies, and nobody else, what they say of the client: {@code Forwarded} (RFC 7239), or, where that is not there, {@code X-Forwarded-For},
 * {@code -Proto} and {@code -Host}. {@link Request#remoteAddress}, {@link Request#scheme} and {@link Request#host} are then the client's.
 *
 * <p>Each proxy adds at the end. So the list is read from there, as long as whoever has added is trusted: what a client has written itself is never reached. Where there are headers of
 * both kinds, one of them may be the client's own, which a proxy that knows the other kind lets through; so nothing is believed unless both say the same.
 */
public final class TrustedProxies implements Middleware {
    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /** {@return one that trusts these addresses, or networks such as {@code 10.0.0.0/8} and {@code fd00::/8}} */
    public static TrustedProxies of(String... networks) {
        List<Network> all = new ArrayList<>();
        for (String network : networks) {
            all.add(Network.parse(network));
        }
        return new TrustedProxies(all);
    }

    /** Those whose addresses begin with the same bits. */
    private record Network(InetAddress address, int bits) {
        static Network parse(String text) {
            int slash = text.indexOf('/');
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int most = address.getAddress().length * Byte.SIZE;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > most) {
                throw new IllegalArgumentException("no network: " + text);
            }
            return new Network(address, bits);
        }

        boolean has(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] others = other.getAddress();
            if (mine.length != others.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % Byte.SIZE;
                if ((mine[i / Byte.SIZE] & mask) != (others[i / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private boolean trusts(InetSocketAddress who) {
        InetAddress address = who.getAddress();
        return address != null && networks.stream().anyMatch(network -> network.has(address));
    }

    @Override
    public Handler around(Handler next) {
        return request -> next.handle(trusts(request.remoteAddress()) ? believed(request) : request);
    }

    /** What one proxy says of who asked it. */
    private record Hop(
            @Nullable String from,
            @Nullable String proto,
            @Nullable String host) {}

    /** A proxy writes one of two kinds of headers, and lets the client's own ones of the other kind through: so where there are both they have to say the same. */
    private Request believed(Request request) {
        List<Hop> forwarded = forwarded(request.headers());
        List<Hop> older = older(request.headers());
        Request said = believed(request, forwarded.isEmpty() ? older : forwarded);
        if (forwarded.isEmpty() || older.isEmpty()) {
            return said;
        }
        Request other = believed(request, older);
        return Objects.equals(
                                said.remoteAddress().getAddress(),
                                other.remoteAddress().getAddress())
                        && said.scheme().equals(other.scheme())
                        && Objects.equals(said.host(), other.host())
                ? said
                : request;
    }

    private Request believed(Request request, List<Hop> hops) {
        InetSocketAddress client = request.remoteAddress();
        String scheme = request.scheme();
        String host = request.host();
        for (Hop hop : hops.reversed()) {
            if (hop.proto != null && (hop.proto.equals("http") || hop.proto.equals("https"))) {
                scheme = hop.proto;
            }
            if (hop.host != null && Authority.parse(hop.host) != null) {
                host = hop.host;
            }
            InetSocketAddress before = hop.from == null ? null : address(hop.from);
            if (before == null) {
                break; // it does not say, or hides it
            }
            client = before;
            if (!trusts(client)) {
                break;
            }
        }
        return request.from(client, scheme, host);
    }

    /** {@return what {@code Forwarded} says} */
    private static List<Hop> forwarded(Headers headers) {
        List<Hop> hops = new ArrayList<>();
        for (String element : elements(headers.all("forwarded"), ',')) {
            String from = null;
            String proto = null;
            String host = null;
            for (String pair : elements(List.of(element), ';')) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String value = unquoted(pair.substring(equals + 1).strip());
                    switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                        case "for" -> from = value;
                        case "proto" -> proto = value.toLowerCase(Locale.ROOT);
                        case "host" -> host = value;
                        default -> {}
                    }
                }
            }
            hops.add(new Hop(from, proto, host));
        }
        return hops;
    }

    /** {@return what {@code X-Forwarded-For} and its like say} */
    private static List<Hop> older(Headers headers) {
        List<Hop> hops = new ArrayList<>();
        List<String> addresses = elements(headers.all("x-forwarded-for"), ',');
        List<String> protos = elements(headers.all("x-forwarded-proto"), ',');
        List<String> hosts = elements(headers.all("x-forwarded-host"), ',');
        for (int i = 0; i < addresses.size(); i++) {
            boolean last = i == addresses.size() - 1; // proxies set these two, and add nothing
            String proto = last && !protos.isEmpty() ? protos.getLast().toLowerCase(Locale.ROOT) : null;
            hops.add(new Hop(addresses.get(i), proto, last && !hosts.isEmpty() ? hosts.getLast() : null));
        }
        return hops;
    }

    /** {@return the parts of lists, but not of what is quoted in them} */
    private static List<String> elements(List<String> values, char separator) {
        List<String> parts = new ArrayList<>();
        for (String value : values) {
            boolean quoted = false;
            int from = 0;
            for (int i = 0; i <= value.length(); i++) {
                boolean end = i == value.length();
                if (end || !quoted && value.charAt(i) == separator) {
                    String part = value.substring(from, i).strip();
                    if (!part.isEmpty()) {
                        parts.add(part);
                    }
                    from = i + 1;
                } else if (value.charAt(i) == '"') {
                    quoted = !quoted;
                }
            }
        }
        return parts;
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** {@return the address that {@code text} is, with or without a port; null when it is none} */
    private static @Nullable InetSocketAddress address(String text) {
        String host = text;
        int port = 0;
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[") && text.indexOf(']') > 0) {
            int end = text.indexOf(']');
            host = text.substring(1, end);
            port = end + 1 == colon ? port(text.substring(colon + 1)) : 0;
        } else if (colon > 0 && colon == text.indexOf(':')) {
            host = text.substring(0, colon);
            port = port(text.substring(colon + 1));
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(String digits) {
        return digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 65_535 ? Integer.parseInt(digits) : 0;
    }
}
