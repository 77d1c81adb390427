package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.io.TcpStream;
import dev.latent.web.http.Upgrade;
import dev.latent.world.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server: HTTP, then the handler of what it becomes, then the close. Whatever its client or its handler does ends
 * here, so its siblings never notice.
 *
 * <p>While a WebSocket waits, this object and one frame beside the handler's own are all that is kept of it here.
 */
final class ServerConnection implements AutoCloseable {
    final WebServer server;
    final TcpStream stream;

    /** It waits for a request of which nothing has come yet; under this monitor. */
    private boolean idle;

    /** Its task is to be cancelled, or has been; written under both monitors. */
    boolean cancelled;

    /** The rest is for {@link Connections}, under its monitor. What it has become behind HTTP. */
    Upgrade.@Nullable Upgraded upgraded;

    /** The address that it counts for; null: for none. */
    @Nullable
    Long address;

    /** Its task's, as long as that may be cancelled. */
    @Nullable
    JoinHandle<Void> handle;

    @Nullable
    ServerConnection previous;

    @Nullable
    ServerConnection next;

    /** Of those that are about to be dropped. */
    @Nullable
    ServerConnection nextCancelled;

    ServerConnection(WebServer server, TcpStream stream) {
        this.server = server;
        this.stream = stream;
    }

    /**
     * {@return the future of its task; dropped, even unpolled, it closes the connection}
     *
     * <p>While the handler waits, all that lives here is {@code connection}: it is this frame that many idle connections are made of.
     */
    static Future<Void> run(ServerConnection accepted) {
        return async(() -> {
            try (var connection = accepted) {
                if (await(connection.http())) {
                    try {
                        await(connection.upgraded().serve());
                        await(connection.upgraded().end(null));
                    } catch (Throwable t) {
                        if (connection.upgraded().isFailure(t)) {
                            Owners.report(context().spawner(), connection.upgraded(), ", served", t);
                        }
                        await(connection.upgraded().end(t));
                    }
                }
            }
        });
    }

    /** {@return whether it has become something else than HTTP, which is open then} */
    private Future<Boolean> http() {
        return async(() -> {
            try {
                Clock clock = context().spawner().world().clock();
                Http http = new Http(this, clock);
                await(http.untilUpgrade());
                Upgrade.Upgraded next = http.upgraded();
                if (next == null) {
                    return false;
                }
                if (server.connections.opened(this, next)) {
                    return true;
                }
                await(goodbye());
            } catch (IOException | TimeoutException e) {
                // the client is gone, sent what is no HTTP, or took too long
            } catch (Throwable t) {
                Owners.report(context().spawner(), this, "", t);
            }
            return false;
        });
    }

    private Upgrade.Upgraded upgraded() {
        return Objects.requireNonNull(upgraded);
    }

    /** {@return a future that ends what it has become, beside its handler perhaps} */
    Future<Void> goodbye() {
        return upgraded().goodbye();
    }

    /** {@return whether its client may have it beside those that it has} */
    boolean isAdmitted(InetSocketAddress client) {
        int most = server.config().maxPerAddress();
        return most == Integer.MAX_VALUE
                || client.isUnresolved()
                || server.connections.admits(this, client.getAddress(), most);
    }

    boolean isDraining() {
        return server.connections.isDraining();
    }

    /**
     * Before it waits for a request, and when it has one.
     *
     * @param waits whether nothing of the next one has come
     * @return false when it is to end, since the server is being drained
     */
    synchronized boolean goesOn(boolean waits) {
        idle = waits;
        return !cancelled && !(waits && isDraining());
    }

    /** Under the monitor of {@link Connections} too. {@return whether it is to be cancelled by this} */
    synchronized boolean cancel(boolean idleOnly) {
        if (cancelled || idleOnly && !idle) {
            return false;
        }
        cancelled = true;
        return true;
    }

    @Override
    public void close() {
        try {
            if (upgraded != null) {
                upgraded.cut();
            }
        } finally {
            stream.close();
            server.connections.remove(this);
        }
    }

    @Override
    public String toString() {
        return "connection of " + stream.remoteAddress();
    }
}
