package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.pin;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Scope;
import dev.latent.Spawner;
import dev.latent.Timed;
import dev.latent.io.Shutdown;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server for HTTP/1.1 and WebSockets (RFC 6455), over the network of whatever executor polls it.
 *
 * <pre>{@code
 * try (var server = await(WebServer.at("127.0.0.1", 8080)
 *         .get("/rooms/{room}", chat::room)
 *         .files("/", Path.of("site"))
 *         .webSocket("/chat", Chat::connection)
 *         .bind())) {
 *     await(server.serve());
 * }
 * }</pre>
 *
 * <p>Beside the JDK's {@code com.sun.net.httpserver}: no thread per connection, routes, streamed bodies both ways, WebSockets, and a handler that is dropped with its client; but no TLS
 * and no HTTP/2. Put a reverse proxy before it for those.
 *
 * <p>The connections are the server's own: none outlives {@link #serve()} or {@link #closeAsync()}, and none notices what becomes of
 * another, failures and errors included.
 */
public final class WebServer implements AsyncCloseable {
    /** After an accept that failed, for want of file descriptors or memory mostly: time for some to come free. */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** Longer than anybody waits, and no overflow. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    final Connections connections = new Connections();
    private final TcpListener listener;
    private final WebServerBuilder.Config config;
    private final AtomicBoolean serving = new AtomicBoolean();

    /** Of the task that accepts; made beforehand, so that to wait for it takes no memory. */
    private final Turn turn = new Turn();

    WebServer(TcpListener listener, WebServerBuilder.Config config) {
        this.listener = listener;
        this.config = config;
    }

    /** {@return a server to be at {@code host}:{@code port}; port 0 picks a free one} */
    public static WebServerBuilder at(String host, int port) {
        return new WebServerBuilder(host, port);
    }

    /**
     * {@return a future that serves; it ends once the server is drained or closed and the last connection has ended}
     *
     * <p><em>Cancel safety:</em> dropped, all connections are dropped, their handlers' cleanup included, and told 1001 as far as that
     * goes without waiting; the server still listens, and may serve again.
     */
    public Future<Void> serve() {
        return async(() -> {
            if (!serving.compareAndSet(false, true)) {
                throw new IllegalStateException(this + " is being served already");
            }
            try {
                await(accepting());
                await(scopeDo(Scope.OnFailure.REPORT, goodbyes -> {
                    for (ServerConnection each : connections.withUpgrades()) {
                        goodbyes.spawn(each.goodbye());
                    }
                    await(connections.none());
                }));
            } finally {
                connections.cancelAll();
                await(connections.none());
                serving.set(false);
            }
        });
    }

    /**
     * {@return a future that serves until {@code stop} is asked for the end, and then {@linkplain #drain drains} for {@code bound}; it is ready when the last connection has
     * ended, as a body of {@link Shutdown#run} is to be}
     *
     * <pre>{@code
     * Shutdown.on(Signal.INT, Signal.TERM).within(ofSeconds(30)).run(stop -> {
     *     try (var server = await(WebServer.at("0.0.0.0", 8080).mount("", routes).bind())) {
     *         await(server.serveUntil(stop, ofSeconds(5), ofSeconds(20)));
     *     }
     * });
     * }</pre>
     *
     * <p>It is ready as well when the server is drained by somebody else.
     *
     * <p><em>Cancel safety:</em> that of {@link #serve}.
     *
     * @param notice how long it goes on as if nothing had happened, so that a load balancer notices that it is not ready any more; zero where there is none
     * @param bound how long connections may take to end then; together with {@code notice} less than {@link Shutdown#within}
     */
    public Future<Void> serveUntil(Shutdown stop, Duration notice, Duration bound) {
        return async(() -> {
            try (var serving = pin(serve())) {
                if (await(stop.untilAsked(serving)) instanceof First
                        || notice.isPositive() && await(withTimeout(notice, serving)) instanceof Timed.InTime) {
                    return;
                }
                await(join(serving, drain(bound)));
            }
        });
    }

    /**
     * {@return the same, without a notice, and with as long for the connections as {@code stop} gives}
     *
     * <p><em>Cancel safety:</em> that of {@link #serve}.
     */
    public Future<Void> serveUntil(Shutdown stop) {
        return serveUntil(stop, Duration.ZERO, FOR_EVER);
    }

    /** {@return a future that accepts until the server is drained} */
    private Future<Void> accepting() {
        return async(() -> {
            while (true) {
                await(connections.roomFor(config.maxConnections()));
                if (connections.isDraining()) {
                    return;
                }
                try {
                    start(await(listener.accept()), context().spawner());
                } catch (Throwable t) {
                    if (!connections.isDraining()) {
                        Owners.report(context().spawner(), this, ", accepting", t);
                        try {
                            await(sleep(RETRY));
                        } catch (OutOfMemoryError e) {
                            await(turn); // the others may be about to give some back
                        }
                    }
                }
            }
        });
    }

    /** Ready at every second poll: in between, others have their turn. */
    private static final class Turn implements Future<Void> {
        private boolean given;

        @Override
        public Poll<Void> poll(Context cx) {
            given = !given;
            if (given) {
                cx.waker().wake();
                return Poll.pending();
            }
            return Poll.done();
        }

        @Override
        public void drop() {
            given = false;
        }
    }

    private void start(TcpStream stream, Spawner spawner) {
        ServerConnection connection = null;
        try {
            connection = new ServerConnection(this, stream);
            connections.add(connection);
            connections.started(connection, spawner.spawn(ServerConnection.run(connection)));
        } catch (Throwable t) {
            if (connection != null) {
                connections.remove(connection);
            }
            stream.close();
            throw t;
        }
    }

    /**
     * {@return a future that ends the service in good order: no more is accepted, every WebSocket is closed with 1001, requests under way are
     * answered; it is ready when the last connection has ended and the port is free, and drops those that have not ended by {@code bound}}
     *
     * <p>A handler learns of it by the {@link WebSocketClosed} of its next call, and may then do what it has to until {@code bound}.
     *
     * <p><em>Cancel safety:</em> dropped, the server goes on draining, without the bound.
     */
    public Future<Void> drain(Duration bound) {
        return async(() -> {
            startDraining();
            if (!bound.isPositive() || await(withTimeout(bound, connections.none())) instanceof Timed.TooLate) {
                connections.cancelAll();
                await(connections.none());
            }
            await(listener.closeAsync());
        });
    }

    /** {@return where it listens} */
    public InetSocketAddress localAddress() {
        return listener.localAddress();
    }

    /** {@return connections now open, HTTP or WebSocket} */
    public int connections() {
        return connections.count();
    }

    /**
     * What a server has seen.
     *
     * @param open connections now, HTTP or WebSocket
     * @param accepted connections since it listens
     * @param refused of those, for {@link WebServerBuilder#maxConnectionsPerAddress}
     * @param held bytes of {@link WebServerBuilder#maxHeld} that are taken now
     * @param unheld how often there were not enough of them left
     */
    public record Counts(int open, long accepted, long refused, long held, long unheld) {}

    /** {@return what it has seen until now} */
    public Counts counts() {
        return new Counts(
                connections.count(),
                connections.accepted(),
                connections.refused(),
                config.budget().held(),
                config.budget().refusals());
    }

    /** {@return the same as {@link #drain} with no time: what is open is dropped} */
    @Override
    public Future<Void> closeAsync() {
        return drain(Duration.ZERO);
    }

    @Override
    public void close() {
        startDraining();
        connections.cancelAll();
    }

    private void startDraining() {
        connections.drain();
        listener.close();
    }

    WebServerBuilder.Config config() {
        return config;
    }

    @Override
    public String toString() {
        Counts now = counts();
        return "WebServer at " + localAddress() + ", " + now.open() + " connections, " + now.refused() + " refused";
    }
}
