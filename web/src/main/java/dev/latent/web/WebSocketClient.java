package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;
import static dev.latent.Futures.lazy;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Timed;
import dev.latent.web.internal.Authority;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How to connect to a WebSocket server: where it is, and what is said to it.
 *
 * <pre>{@code
 * WebSocket socket = await(WebSocketClient.to(URI.create("ws://example.org/feed"))
 *         .header("Authorization", "Bearer " + token)
 *         .subprotocols("v2.feed", "v1.feed")
 *         .timeout(Duration.ofSeconds(3))
 *         .connect());
 * }</pre>
 *
 * <p>It may connect any number of times. Not thread-safe while it is being set up.
 */
public final class WebSocketClient {
    /** Where it may connect to. */
    private record Place(URI uri, Authority server) {}

    private final List<Place> places = new ArrayList<>();

    /** Attempts so far. */
    private final AtomicInteger attempts = new AtomicInteger();

    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().newHeaders();
    private List<String> subprotocols = List.of();
    private WebSocketLimits limits = WebSocketLimits.DEFAULT;
    private Duration timeout = Duration.ofSeconds(10);
    private @Nullable Authority proxy;
    private @Nullable Compression compression;

    private WebSocketClient(URI uri) {
        places.add(place(uri));
    }

    private static Place place(URI uri) {
        Authority named = uri.getRawAuthority() == null ? null : Authority.parse(uri.getRawAuthority());
        if (!"ws".equalsIgnoreCase(uri.getScheme())
                || named == null
                || named.host().isEmpty()) {
            throw new IllegalArgumentException("not a ws:// address: " + uri
                    + ("wss".equalsIgnoreCase(uri.getScheme()) ? "; for TLS, connect to a proxy that ends it" : ""));
        }
        return new Place(uri, named);
    }

    /**
     * {@return a client of {@code uri}, {@code ws://host:port/path?query}}
     *
     * @throws IllegalArgumentException when the scheme is not {@code ws}, or no host is named
     */
    public static WebSocketClient to(URI uri) {
        return new WebSocketClient(uri);
    }

    /**
     * Adds another server of the same: each attempt to connect goes to the next one in turn. So a client that {@linkplain #stayConnected stays connected} goes elsewhere when a server is lost.
     *
     * @throws IllegalArgumentException when the scheme is not {@code ws}, or no host is named
     */
    public WebSocketClient or(URI other) {
        places.add(place(other));
        return this;
    }

    /**
     * Adds a header to the handshake's request.
     *
     * @throws IllegalArgumentException when it can't be one, or belongs to the handshake itself
     */
    public WebSocketClient header(String name, String value) {
        if (isOwn(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is the handshake's own header");
        }
        headers.add(name, value);
        return this;
    }

    /** {@return whether the handshake says it by itself} */
    private static boolean isOwn(String name) {
        return switch (name) {
            case "host", "upgrade", "connection", "content-length", "transfer-encoding" -> true;
            default -> name.startsWith("sec-websocket-");
        };
    }

    /**
     * Offers these subprotocols, the one liked best first; {@link WebSocket#subprotocol} tells what the server chose.
     *
     * @throws IllegalArgumentException when one is no token, or stands twice
     */
    public WebSocketClient subprotocols(String... names) {
        Set<String> all = new LinkedHashSet<>();
        for (String name : names) {
            if (!Subprotocols.isToken(name) || !all.add(name)) {
                throw new IllegalArgumentException("no subprotocol, or twice the same: " + name);
            }
        }
        subprotocols = List.copyOf(all);
        return this;
    }

    /** What the server may ask of a connection; {@link WebSocketLimits#DEFAULT} unless said. */
    public WebSocketClient limits(WebSocketLimits newLimits) {
        limits = newLimits;
        return this;
    }

    /** How long all of it may take, from the look-up of the name to the server's answer; 10 s unless said. */
    public WebSocketClient timeout(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("nothing can be connected in " + limit);
        }
        timeout = limit;
        return this;
    }

    /** Connects through the HTTP proxy at {@code host}:{@code port}, which is asked for a tunnel (CONNECT, RFC 9110, 9.3.6). */
    public WebSocketClient proxy(String host, int port) {
        Authority named = Authority.parse((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
        if (named == null || named.host().isEmpty()) {
            throw new IllegalArgumentException("no place for a proxy: " + host + ":" + port);
        }
        proxy = named;
        return this;
    }

    /** Offers to compress messages, both ways; not unless said. */
    public WebSocketClient compression(Compression how) {
        compression = how;
        return this;
    }

    /**
     * {@return a future of a connection}
     *
     * <p>It fails with {@link WebSocketRefused} when the server, or the proxy, answers anything else than a handshake's end, with
     * {@link SocketTimeoutException} when the time is up, and with what connecting throws.
     *
     * <p><em>Cancel safety:</em> dropped, the attempt is given up and its socket closed.
     */
    public Future<WebSocket> connect() {
        Place place = places.get(Math.floorMod(attempts.getAndIncrement(), places.size()));
        Handshake handshake =
                new Handshake(place.uri, place.server, headers.copy(), subprotocols, proxy, limits, compression);
        Duration limit = timeout;
        return async(() -> switch (await(withTimeout(limit, handshake.connect()))) {
            case Timed.InTime<WebSocket>(var socket) -> socket;
            case Timed.TooLate<WebSocket> _ ->
                throw new SocketTimeoutException(
                        place.uri + " has opened no WebSocket within " + limit.toMillis() + " ms");
        });
    }

    /**
     * One connection of {@link #stayConnected}.
     *
     * @param number 1 for the first
     * @param lost how the attempt or the connection before this one ended; null at the first
     */
    public record Session(
            WebSocket socket, int number, @Nullable IOException lost) {}

    /** {@return {@link #stayConnected(Duration, Duration, AsyncConsumer)} with pauses from half a second up to half a minute} */
    public Future<Void> stayConnected(AsyncConsumer<? super Session> session) {
        return stayConnected(Duration.ofMillis(500), Duration.ofSeconds(30), session);
    }

    /**
     * {@return a future that runs {@code session} on a connection, and on a new one whenever that was lost; it ends when a session does by itself, or the server has closed in good order
     * (1000)}
     *
     * <p>What the program wants to go on with it says itself, at the beginning of a session:
     *
     * {@snippet :
     * await(client.stayConnected(session -> {
     *     await(session.socket().send("since " + last));     // the first time, too
     *     while (true) {
     *         last = show(await(session.socket().receive()));
     *     }
     * }));
     * }
     *
     * <p>A connection is lost when the session throws a {@link WebSocketClosed}; anything else that it throws ends this future. So do refusals that would be the same the next time: any status
     * but 408, 425, 429 and 5xx. Between two attempts there is a pause: {@code first}, and twice as long each time up to {@code longest}, a random part of up to half of it less.
     * After a connection that lasted as long as {@code longest} it begins at {@code first} again.
     *
     * <p><em>Cancel safety:</em> dropped, the session is dropped, and its connection closed.
     *
     * @throws IllegalArgumentException when {@code first} is not positive, or longer than {@code longest}
     */
    public Future<Void> stayConnected(Duration first, Duration longest, AsyncConsumer<? super Session> session) {
        if (!first.isPositive() || first.compareTo(longest) > 0) {
            throw new IllegalArgumentException("pauses from " + first + " up to " + longest);
        }
        return lazy(() -> new Reconnecting(this, first, longest, session).run());
    }

    @Override
    public String toString() {
        return "WebSocketClient of "
                + places.stream().map(place -> place.uri.toString()).collect(Collectors.joining(" or "));
    }
}
