package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.io.TcpListener;
import dev.latent.web.http.ByteBudget;
import dev.latent.web.internal.Authority;
import dev.latent.web.ws.Side;
import dev.latent.web.ws.WebSocketClosed;
import dev.latent.web.ws.WebSocketHandler;
import dev.latent.web.ws.WebSocketLimits;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a server is to serve, and how much a client may ask of it. */
public final class WebServerBuilder {
    private final String host;
    private final int port;
    private final Map<String, WebSocketHandler> sockets = new HashMap<>();
    private final List<Files> files = new ArrayList<>();
    private WebSocketLimits limits = WebSocketLimits.DEFAULT;
    private Duration requestTimeout = Duration.ofSeconds(10);
    private int maxHead = 8 * 1024;
    private int maxConnections = 16 * 1024;
    private long maxHeld = 64L << 20;
    private @Nullable Predicate<String> origins;

    /**
     * A path prefix and what stands below it.
     *
     * @param prefix ends with a slash
     */
    record Files(String prefix, AssetSource source) {}

    /** What a server knows, fixed. */
    record Config(
            Map<String, WebSocketHandler> sockets,
            List<Files> files,
            Side side,
            ByteBudget budget,
            Duration requestTimeout,
            int maxHead,
            int maxConnections,
            @Nullable Predicate<String> origins) {

        /** {@return whether a page of {@code origin} may open sockets at {@code host}, the request's own name for this server} */
        boolean allows(String origin, @Nullable Authority host) {
            if (origins != null) {
                return origins.test(origin);
            }
            Authority.Address page = Authority.Address.parse(origin);
            return page != null && host != null && page.authority().isSame(host, page.standardPort());
        }
    }

    WebServerBuilder(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Serves the files under {@code folder} as {@code prefix}…; {@code index.html} stands for a folder. Links that lead outside are not followed. */
    public WebServerBuilder files(String prefix, Path folder) {
        return files(prefix, new FolderSource(folder));
    }

    /**
     * Serves what {@code open} finds by its relative name, null where there is nothing:
     * {@code resources("/", name -> Main.class.getResourceAsStream("page/" + name))}. It runs on the executor's blocking pool.
     */
    public WebServerBuilder resources(String prefix, Function<String, @Nullable InputStream> open) {
        return files(prefix, new AssetSource.Resources(open));
    }

    private WebServerBuilder files(String prefix, AssetSource source) {
        files.add(new Files(checked(prefix.endsWith("/") ? prefix : prefix + "/"), source));
        return this;
    }

    /** Serves WebSockets at exactly {@code path}, each by a task of its own. */
    public WebServerBuilder webSocket(String path, WebSocketHandler handler) {
        if (sockets.put(checked(path), handler) != null) {
            throw new IllegalArgumentException("two handlers for " + path);
        }
        return this;
    }

    private static String checked(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
        return path;
    }

    /** What a WebSocket peer may ask; {@link WebSocketLimits#DEFAULT} unless said. */
    public WebSocketLimits limits() {
        return limits;
    }

    /** Sets {@link #limits()}. */
    public WebServerBuilder limits(WebSocketLimits newLimits) {
        limits = newLimits;
        return this;
    }

    /** How long a client may take for one request, and to take in each 64 kB of the answer; 10 s unless said. */
    public WebServerBuilder requestTimeout(Duration timeout) {
        check(timeout.isPositive(), "no request can be made in " + timeout);
        requestTimeout = timeout;
        return this;
    }

    /** Bytes of a request's head, at most; 8 KiB unless said. */
    public WebServerBuilder maxHead(int bytes) {
        check(bytes > 0, "no request has a head of " + bytes + " bytes");
        maxHead = bytes;
        return this;
    }

    /** Connections at one time; further ones wait to be accepted. 16,384 unless said. */
    public WebServerBuilder maxConnections(int connections) {
        check(connections > 0, "a server of " + connections + " connections serves nobody");
        maxConnections = connections;
        return this;
    }

    /**
     * Bytes of messages and files on their way that the server holds for all connections together; 64 MiB unless said.
     *
     * <p>Each connection's first 4 KiB come on top, so that short messages go on when the rest is used up. Then a peer whose message is
     * longer is closed with {@link WebSocketClosed#TRY_AGAIN_LATER}, a request for a file is answered 503, and the rest of a frame whose
     * sender was dropped half-way is lost, with its connection. What handlers hold is theirs.
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
        List<Files> longestFirst = files.stream()
                .sorted((a, b) -> b.prefix().length() - a.prefix().length())
                .toList();
        ByteBudget budget = new ByteBudget(maxHeld);
        Side side = Side.server(limits, budget);
        return new Config(
                Map.copyOf(sockets), longestFirst, side, budget, requestTimeout, maxHead, maxConnections, origins);
    }
}
