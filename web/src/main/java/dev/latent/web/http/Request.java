package dev.latent.web.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client asks for. Its head never changes; its body can be read once. */
public final class Request {
    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere", 0);

    private final String method;
    private final String target;
    private final String version;
    private final Headers headers;
    private final InetSocketAddress remoteAddress;
    private final String scheme;
    private final @Nullable String host;
    private final Body body;
    private final Map<String, String> parameters;
    private @Nullable Map<String, List<String>> query;

    private Request(Builder from, Map<String, String> parameters) {
        this.method = from.method;
        this.target = from.target;
        this.version = from.version;
        this.headers = from.headers;
        this.remoteAddress = from.remoteAddress;
        this.scheme = from.scheme;
        this.host = from.host == null ? from.headers.get("host") : from.host;
        this.body = from.body;
        this.parameters = parameters;
    }

    private Request(
            Request from,
            Map<String, String> parameters,
            Body body,
            InetSocketAddress remoteAddress,
            String scheme,
            @Nullable String host) {
        this.method = from.method;
        this.target = from.target;
        this.version = from.version;
        this.headers = from.headers;
        this.remoteAddress = remoteAddress;
        this.scheme = scheme;
        this.host = host;
        this.body = body;
        this.parameters = parameters;
        this.query = from.query;
    }

    /** {@return a request to be made: by a server of what came, or by a test} */
    public static Builder builder(String method, String target) {
        return new Builder(method, target);
    }

    /** {@return {@code GET}, {@code POST}, … as the client wrote it} */
    public String method() {
        return method;
    }

    /** {@return path and query as they came, such as {@code /a%20b?c=d}} */
    public String target() {
        return target;
    }

    /** {@return the path as it came, without the query} */
    public String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * {@return the path, decoded; an encoded slash looks like any other}
     *
     * @throws HttpException 400 when it can't be decoded
     */
    public String path() {
        return Percent.decode(rawPath());
    }

    /** {@return {@code HTTP/1.1} or {@code HTTP/1.0}} */
    public String version() {
        return version;
    }

    /** {@return {@code http}, or {@code https} where a trusted proxy says so} */
    public String scheme() {
        return scheme;
    }

    /** {@return what the client calls this server, null where an HTTP/1.0 client did not say} */
    public @Nullable String host() {
        return host;
    }

    /** {@return where it comes from; the client where a trusted proxy says who that is} */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** {@return the header fields} */
    public Headers headers() {
        return headers;
    }

    /** {@return the first header field of that name, null where there is none} */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /**
     * {@return the part of the path that stands for <code>{name}</code> in the route, decoded}
     *
     * @throws IllegalArgumentException when the route has no such part
     */
    public String pathParameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the route of " + this + " has no {" + name + "}, only " + List.copyOf(parameters.keySet()));
        }
        return value;
    }

    /** {@return the first value of that name in the query, null where there is none} */
    public @Nullable String queryParameter(String name) {
        List<String> values = queryParameters(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /**
     * {@return all values of that name in the query}
     *
     * @throws HttpException 400 when the query can't be decoded
     */
    public List<String> queryParameters(String name) {
        return queryParameters().getOrDefault(name, List.of());
    }

    /** {@return the query, name by name in the order of their coming} */
    public Map<String, List<String>> queryParameters() {
        Map<String, List<String>> known = query;
        if (known == null) {
            try {
                known = new QueryStringDecoder(target).parameters();
            } catch (IllegalArgumentException e) {
                throw HttpException.of(400, "the query is badly encoded");
            }
            query = known;
        }
        return known;
    }

    /** {@return the value of a cookie, null where there is none} */
    public @Nullable String cookie(String name) {
        return cookies().get(name);
    }

    /** {@return the cookies, those left out that are malformed; of two with one name the first} */
    public Map<String, String> cookies() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String header : headers.all("cookie")) {
            Set<io.netty.handler.codec.http.cookie.Cookie> cookies = ServerCookieDecoder.STRICT.decode(header);
            cookies.forEach(cookie -> found.putIfAbsent(cookie.name(), cookie.value()));
        }
        return found;
    }

    /** {@return the body; it may be empty, and can be read once} */
    public Body body() {
        return body;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    /** {@return the same, found by a route} */
    Request with(Map<String, String> newParameters) {
        return new Request(this, newParameters, body, remoteAddress, scheme, host);
    }

    /** {@return the same, with a body of up to so many bytes; see {@link Body#limit}} */
    public Request bodyLimit(long bytes) {
        return new Request(this, parameters, body.limit(bytes), remoteAddress, scheme, host);
    }

    /** {@return the same, with another body: one that counts what passes, or decodes it} */
    public Request withBody(Body other) {
        return new Request(this, parameters, other, remoteAddress, scheme, host);
    }

    /** {@return the same, from somebody else} */
    Request from(InetSocketAddress client, String newScheme, @Nullable String newHost) {
        return new Request(this, parameters, body, client, newScheme, newHost);
    }

    @Override
    public String toString() {
        return method + " " + rawPath();
    }

    /** A request to be made. */
    public static final class Builder {
        private final String method;
        private final String target;
        private String version = "HTTP/1.1";
        private Headers headers = Headers.NONE;
        private InetSocketAddress remoteAddress = NOWHERE;
        private String scheme = "http";
        private @Nullable String host;
        private Body body = Body.NONE;

        private Builder(String method, String target) {
            if (!target.startsWith("/") && !target.equals("*")) {
                throw new IllegalArgumentException("a path begins with a slash: " + target);
            }
            this.method = method;
            this.target = target;
        }

        /** {@code HTTP/1.1} unless said. */
        public Builder version(String newVersion) {
            version = newVersion;
            return this;
        }

        /** Adds a header field. */
        public Builder header(String name, String value) {
            headers = headers.plus(name, value);
            return this;
        }

        /** These header fields instead of those so far. */
        public Builder headers(Headers all) {
            headers = all;
            return this;
        }

        /** Who asks; nobody unless said. */
        public Builder remoteAddress(InetSocketAddress address) {
            remoteAddress = address;
            return this;
        }

        /** {@code http} unless said. */
        public Builder scheme(String newScheme) {
            scheme = newScheme;
            return this;
        }

        /** The server's name; that of the header field unless said. */
        public Builder host(@Nullable String newHost) {
            host = newHost;
            return this;
        }

        /** The body; empty unless said. */
        public Builder body(Body newBody) {
            body = newBody;
            return this;
        }

        /** A body of these bytes. */
        public Builder body(byte[] bytes) {
            return body(Body.of(bytes));
        }

        /** {@return the request} */
        public Request build() {
            return new Request(this, Collections.emptyMap());
        }
    }
}
