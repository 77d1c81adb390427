package dev.latent.web;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Waker;
import dev.latent.io.TcpListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server for WebSockets (RFC 6455) and the static files of their page, over the network of whatever executor polls it.
 *
 * <pre>{@code
 * try (var server = await(WebServer.at("127.0.0.1", 8080)
 *         .files("/", Path.of("site"))
 *         .webSocket("/chat", Chat::connection)
 *         .bind())) {
 *     await(server.serve());
 * }
 * }</pre>
 *
 * <p>Beside the JDK's {@code com.sun.net.httpserver}: no thread per connection, and WebSockets, which that one lacks; but no request
 * bodies, no TLS, nothing dynamic except WebSockets. Put a reverse proxy before it for those.
 *
 * <p>The connections are kept in a doubly linked list through themselves, under this object's monitor, and are the server's own:
 * none outlives {@link #serve()} or {@link #closeAsync()}. What changes is told to the wakers of those who wait.
 */
public final class WebServer implements AsyncCloseable {
    private final TcpListener listener;
    private final WebServerBuilder.Config config;

    private @Nullable ServerConnection first;
    private int count;
    private boolean serving;
    private volatile boolean draining;
    private List<Waker> waiting = new ArrayList<>(2);

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
        return new Serve(this);
    }

    /**
     * {@return a future that ends the service in good order: no more is accepted, every WebSocket is closed with 1001, requests under way are
     * answered; it is ready when the last connection has ended, and drops those that have not by {@code bound}}
     *
     * <p><em>Cancel safety:</em> dropped, the server goes on draining, without the bound.
     */
    public Future<Void> drain(Duration bound) {
        return new Drain(this, bound);
    }

    /** {@return where it listens} */
    public InetSocketAddress localAddress() {
        return listener.localAddress();
    }

    /** {@return connections now open, HTTP or WebSocket} */
    public synchronized int connections() {
        return count;
    }

    /** {@return the same as {@link #drain} with no time: what is open is dropped} */
    @Override
    public Future<Void> closeAsync() {
        return drain(Duration.ZERO);
    }

    @Override
    public void close() {
        startDraining();
        cancelAll();
    }

    WebServerBuilder.Config config() {
        return config;
    }

    TcpListener listener() {
        return listener;
    }

    boolean isDraining() {
        return draining;
    }

    synchronized void startServing() {
        if (serving) {
            throw new IllegalStateException("this server is being served already");
        }
        serving = true;
    }

    synchronized void stopServing() {
        serving = false;
    }

    // ---- connections ------------------------------------------------------------------------------------------------

    synchronized void add(ServerConnection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        count++;
    }

    /** The connection's task, by which it can be cancelled. */
    void started(ServerConnection connection, JoinHandle<Void> handle) {
        boolean cancelled;
        synchronized (this) {
            cancelled = connection.cancelled;
            if (!cancelled && (connection.previous != null || first == connection)) {
                connection.handle = handle;
                return;
            }
        }
        if (cancelled) {
            handle.close();
        } else {
            handle.detach();
        }
    }

    void remove(ServerConnection connection) {
        JoinHandle<Void> handle;
        List<Waker> told = List.of();
        synchronized (this) {
            ServerConnection before = connection.previous;
            ServerConnection after = connection.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            connection.previous = null;
            connection.next = null;
            handle = connection.handle;
            connection.handle = null;
            if (--count == 0 || count == config.maxConnections() - 1) {
                told = waiting;
                waiting = new ArrayList<>(2);
            }
        }
        if (handle != null) {
            handle.detach();
        }
        told.forEach(Waker::wake);
    }

    /** {@return whether there are no more than {@code most}; if there are, {@code waker} is told of a change} */
    synchronized boolean hasAtMost(int most, Waker waker) {
        if (count <= most) {
            return true;
        }
        if (!waiting.contains(waker)) {
            waiting.add(waker);
        }
        return false;
    }

    /** Has {@code waker} told when draining begins. */
    synchronized void await(Waker waker) {
        if (!waiting.contains(waker)) {
            waiting.add(waker);
        }
    }

    void startDraining() {
        List<Waker> told;
        synchronized (this) {
            draining = true;
            told = waiting;
            waiting = new ArrayList<>(2);
            for (ServerConnection c = first; c != null; c = c.next) {
                if (c.waker != null) {
                    told.add(c.waker);
                }
            }
        }
        told.forEach(Waker::wake);
        listener.close();
    }

    /** Has every connection's task dropped; they leave the list as they end. */
    void cancelAll() {
        List<JoinHandle<Void>> handles = new ArrayList<>();
        synchronized (this) {
            for (ServerConnection c = first; c != null; c = c.next) {
                if (c.handle != null) {
                    handles.add(c.handle);
                    c.handle = null;
                }
                c.cancelled = true; // one that is being spawned now gets its handle later
            }
        }
        handles.forEach(JoinHandle::close);
    }

    @Override
    public String toString() {
        return "WebServer at " + localAddress();
    }
}
