package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.TcpListener;
import dev.latent.web.http.Body;
import dev.latent.web.http.ByteBudget;
import dev.latent.web.http.Errors;
import dev.latent.web.http.Handler;
import dev.latent.web.http.Middleware;
import dev.latent.web.http.Routes;
import dev.latent.web.http.Routing;
import dev.latent.web.internal.DateHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a server is to serve, and how much a client may ask of it. */
public final class WebServerBuilder implements Routing<WebServerBuilder> {
    private final String host;
    private final int port;
    private final Routes routes = new Routes();
    private final List<Middleware> middlewares = new ArrayList<>();
    private final Map<String, WebSocketHandler> sockets = new LinkedHashMap<>();
    private WebSocketLimits limits = WebSocketLimits.DEFAULT;
    private @Nullable Compression compression;
    private Duration requestTimeout = Duration.ofSeconds(10);
    private int maxHead = 8 * 1024;
    private int maxConnections = 16 * 1024;
    private int maxPerAddress = Integer.MAX_VALUE;
    private long maxHeld = 64L << 20;
    private @Nullable Predicate<String> origins;
    private @Nullable Duration idleTimeout;
    private @Nullable Duration writeTimeout;
    private long maxBody = 1 << 20;
    private long minRate = 512;
    private boolean proxyProtocol;
    private Errors errors = Errors.TEXT;

    /** What a server knows, fixed. */
    record Config(
            Handler handler,
            Errors errors,
            ByteBudget budget,
            DateHeader date,
            Duration requestTimeout,
            Duration idleTimeout,
            Duration writeTimeout,
            int maxHead,
            long maxBody,
            int maxConnections,
            int maxPerAddress,
            long minRate,
            boolean proxyProtocol) {}

    WebServerBuilder(String host, int port) {
        this.host = host;
        this.port = port;
    }

    // ---- what is served ---------------------------------------------------------------------------------------------

    @Override
    public WebServerBuilder route(String method, String path, Handler handler) {
        routes.route(method, path, handler);
        return this;
    }

    @Override
    public WebServerBuilder mount(String prefix, Routes more) {
        routes.mount(prefix, more);
        return this;
    }

    @Override
    public WebServerBuilder use(Middleware middleware) {
        middlewares.add(middleware);
        return this;
    }

    @Override
    public WebServerBuilder notFound(Handler handler) {
        routes.notFound(handler);
        return this;
    }

    /** Has errors look so that have no look of their own, those of the server itself included; {@link Errors#TEXT} unless said. */
    public WebServerBuilder errors(Errors look) {
        errors = look;
        return this;
    }

    /** Serves WebSockets at exactly {@code path}, each by a task of its own. What has to see the request is a {@link #get} with a {@link WebSocketUpgrade}. */
    public WebServerBuilder webSocket(String path, WebSocketHandler handler) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
        if (sockets.put(path, handler) != null) {
            throw new IllegalArgumentException("two handlers for " + path);
        }
        return this;
    }

    // ---- what a client may ask --------------------------------------------------------------------------------------

    /** What a WebSocket peer of {@link #webSocket} may ask; {@link WebSocketLimits#DEFAULT} unless said. */
    public WebSocketLimits limits() {
        return limits;
    }

    /** Sets {@link #limits()}. */
    public WebServerBuilder limits(WebSocketLimits newLimits) {
        limits = newLimits;
        return this;
    }

    /** Compresses messages of the WebSockets of {@link #webSocket}, both ways, where the client offers it; not unless said. */
    public WebServerBuilder compression(Compression how) {
        compression = how;
        return this;
    }

    /** How long a client may take for the head of a request, and for each piece of its body; 10 s unless said. */
    public WebServerBuilder requestTimeout(Duration timeout) {
        check(timeout.isPositive(), "no request can be made in " + timeout);
        requestTimeout = timeout;
        return this;
    }

    /** How long a client may stay between two requests; as long as {@link #requestTimeout} unless said. */
    public WebServerBuilder idleTimeout(Duration timeout) {
        check(timeout.isPositive(), "nobody can be idle for " + timeout);
        idleTimeout = timeout;
        return this;
    }

    /** How long a client may take to take in each 64 kB of an answer; as long as {@link #requestTimeout} unless said. */
    public WebServerBuilder writeTimeout(Duration timeout) {
        check(timeout.isPositive(), "nothing can be written in " + timeout);
        writeTimeout = timeout;
        return this;
    }

    /**
     * Bytes a second that a client has to send of a body, and to take in of an answer; 512 unless said, and 0 for as slow as it likes.
     *
     * <p>It is the average over the time in which the client was waited for, beyond a first {@link #requestTimeout}, or {@link #writeTimeout}. A body that comes more slowly is
     * answered 408; the connection of who takes an answer more slowly is closed.
     */
    public WebServerBuilder minRate(long bytesPerSecond) {
        check(bytesPerSecond >= 0, "nobody sends " + bytesPerSecond + " bytes a second");
        minRate = bytesPerSecond;
        return this;
    }

    /** Bytes of a request's body, at most, where its handler does not say otherwise by {@link Body#limit}; 1 MiB unless said. */
    public WebServerBuilder maxBody(long bytes) {
        check(bytes >= 0, "no request has a body of " + bytes + " bytes");
        maxBody = bytes;
        return this;
    }

    /** Bytes of a request's head, at most; 8 KiB unless said. */
    public WebServerBuilder maxHead(int bytes) {
        check(bytes > 0, "no request has a head of " + bytes + " bytes");
        maxHead = bytes;
        return this;
    }

    /**
     * Has each connection begin with the header of the PROXY protocol, version 1 or 2, which says who the client is; one that does not is closed. Only
     * the proxy may reach the port then. What a proxy says in HTTP is believed by {@link dev.latent.web.http.TrustedProxies}.
     */
    public WebServerBuilder proxyProtocol() {
        proxyProtocol = true;
        return this;
    }

    /** Connections at one time; further ones wait to be accepted. 16,384 unless said. */
    public WebServerBuilder maxConnections(int connections) {
        check(connections > 0, "a server of " + connections + " connections serves nobody");
        maxConnections = connections;
        return this;
    }

    /**
     * Connections of one address at one time; a further one is answered 429, and closed. Any number unless said.
     *
     * <p>The address is the connection's, or the one that a {@linkplain #proxyProtocol proxy} tells; of IPv6 its first 64 bits. Behind a proxy that tells it in HTTP only, all
     * connections have the proxy's.
     */
    public WebServerBuilder maxConnectionsPerAddress(int connections) {
        check(connections > 0, "a server of " + connections + " connections for each serves nobody");
        maxPerAddress = connections;
        return this;
    }

    /**
     * Bytes of messages and answers on their way that the server holds for all connections together; 64 MiB unless said.
     *
     * <p>Each connection's first 4 KiB come on top, so that short messages go on when the rest is used up. Then a peer whose message is
     * longer is closed with {@link WebSocketClosed#TRY_AGAIN_LATER}, a request whose answer is longer is answered 503, and the rest of a frame whose
     * sender was dropped half-way is lost, with its connection. What handlers hold is theirs, and what a stream gives counts for nothing.
     */
    public WebServerBuilder maxHeld(long bytes) {
        check(bytes >= 0, "nothing can hold " + bytes + " bytes");
        maxHeld = bytes;
        return this;
    }

    /** Which pages may open WebSockets, by their {@code Origin}; only the server's own unless said. What sends no origin is no browser, and may. */
    public WebServerBuilder origins(Predicate<String> allowed) {
        origins = allowed;
        return this;
    }

    private static void check(boolean isMeant, String otherwise) {
        if (!isMeant) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * {@return a future of the server, listening; it serves once {@link WebServer#serve} is polled}
     *
     * <p><em>Cancel safety:</em> dropped, nothing stays bound.
     */
    public Future<WebServer> bind() {
        Config config = config();
        return async(() -> new WebServer(await(TcpListener.bind(host, port)), config));
    }

    Config config() {
        Routes all = new Routes().mount("", routes);
        WebSocketLimits agreed = limits;
        Predicate<String> allowed = origins;
        Compression how = compression;
        sockets.forEach((path, handler) -> all.get(path, request -> {
            WebSocketUpgrade upgrade =
                    WebSocketUpgrade.of(request).limits(agreed).compression(how);
            return Futures.ready((allowed == null ? upgrade : upgrade.origins(allowed)).onUpgrade(handler));
        }));
        middlewares.forEach(all::use);
        return new Config(
                all,
                errors,
                new ByteBudget(maxHeld),
                new DateHeader(),
                requestTimeout,
                idleTimeout == null ? requestTimeout : idleTimeout,
                writeTimeout == null ? requestTimeout : writeTimeout,
                maxHead,
                maxBody,
                maxConnections,
                maxPerAddress,
                minRate,
                proxyProtocol);
    }
}
