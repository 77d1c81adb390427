package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.selectBiased;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Owners;
import dev.latent.Source;
import dev.latent.Spawner;
import dev.latent.io.TcpStream;
import dev.latent.web.http.Body;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Upgrade;
import dev.latent.web.internal.ProxyHeader;
import dev.latent.world.Clock;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection as long as it speaks HTTP: request after request until one becomes another protocol, or the client leaves, errs, or takes too
 * long. All of it is let go when it has ended. Requests that were sent ahead are answered one after the other, in their order.
 *
 * <p>A handler runs beside {@link Inbound#gone}: when the client goes away it is dropped, and so is the stream of an answer. While an answer of known
 * length goes out, only the network tells whether somebody takes it, so that who asks, says that he says no more, and waits, is served.
 */
final class Http {
    /** Of a body that nobody has read, so that the connection can go on behind it. */
    private static final int UNREAD_BYTES = 64 * 1024;

    /** How long a client that is refused may take to read why. */
    private static final Duration REFUSED = Duration.ofSeconds(1);

    /** Stands for no head: the connection is over. */
    private static final byte[] NONE = {};

    private final ServerConnection connection;
    private final TcpStream stream;
    private final WebServerBuilder.Config config;
    private final @Nullable Clock clock;
    private final Inbound in;
    private final Answers out;
    private InetSocketAddress remote;
    private Upgrade.@Nullable Upgraded upgraded;

    Http(ServerConnection connection, @Nullable Clock clock) {
        this.connection = connection;
        this.clock = clock;
        this.remote = connection.stream.remoteAddress();
        this.stream = connection.stream;
        this.config = connection.server.config();
        this.in = new Inbound(stream, config.maxHead());
        Pace pace = new Pace(config.minRate(), config.writeTimeout());
        this.out = new Answers(stream, config.writeTimeout(), pace, clock, config.date());
    }

    /**
     * {@return a future that is ready when the connection speaks HTTP no more; what it has become is {@link #upgraded}}
     *
     * <p>Fails with {@link TimeoutException} when the client takes too long.
     */
    Future<Void> untilUpgrade() {
        return async(() -> {
            if (config.proxyProtocol()) {
                remote = await(timeout(config.requestTimeout(), told()));
            }
            if (!connection.isAdmitted(remote)) {
                await(send(Response.error(429, "too many connections from your address"), null, false));
                await(timeout(REFUSED, leave()));
                return;
            }
            Duration patience = config.requestTimeout();
            while (true) {
                Head head;
                Request request;
                try {
                    byte[] bytes = in.takeHead();
                    if (bytes == null && in.isEmpty()) {
                        if (!await(timeout(patience, begun()))) {
                            return;
                        }
                        bytes = in.takeHead();
                    }
                    if (bytes == null) {
                        bytes = await(timeout(config.requestTimeout(), whole()));
                    }
                    if (bytes == NONE || !connection.goesOn(false)) {
                        return;
                    }
                    head = Head.of(bytes);
                    request = request(head);
                } catch (HttpException e) { // where a request ends is in doubt, and what comes behind it too
                    await(send(e.response(), null, false));
                    await(timeout(config.requestTimeout(), leave()));
                    return;
                }
                patience = config.idleTimeout();
                if (head.expectsContinue()) {
                    await(out.flush()); // before it is told to go on
                }
                if (!(await(selectBiased(handled(request), gone())) instanceof First(var answer))) {
                    return;
                }
                if (in.isGone()) {
                    await(answer.closeAsync());
                    return;
                }
                if (answer.content() instanceof Response.Content.Upgraded && !in.isBodyEnded()) {
                    answer = Response.error(400, ""); // the other protocol would begin within the body
                }
                if (answer.content() instanceof Response.Content.Upgraded(var upgrade)) {
                    await(out.send(answer, request, true, false, in.takeInterim()));
                    upgraded = upgrade.start(stream, in.takeRest(), config.budget());
                    return;
                }
                boolean goesOn = await(send(answer, request, head.isKeepAlive()));
                if (!goesOn) {
                    await(timeout(config.requestTimeout(), leave()));
                    return;
                }
            }
        });
    }

    /** {@return what the connection has become; null for nothing} */
    Upgrade.@Nullable Upgraded upgraded() {
        return upgraded;
    }

    /** {@return the client, of which the proxy tells before all else} */
    private Future<InetSocketAddress> told() {
        ProxyHeader header = new ProxyHeader(remote);
        return async(() -> {
            InetSocketAddress client;
            do {
                await(stream.readable());
                if (!connection.goesOn(false) || !in.read(context().scratch())) {
                    throw new EOFException("gone without a word");
                }
                client = in.client(header);
            } while (client == null);
            return client;
        });
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    /** {@return whether the next request has begun, once it has or never will} */
    private Future<Boolean> begun() {
        return async(() -> {
            do {
                if (!connection.goesOn(true)) {
                    return false;
                }
                await(stream.readable());
                if (!in.read(context().scratch())) {
                    return false;
                }
            } while (!in.isBegun());
            return true;
        });
    }

    /** {@return the head that has begun, once it is whole; {@link #NONE} when it never will be} */
    private Future<byte[]> whole() {
        return async(() -> {
            byte[] head = null;
            while (head == null) {
                if (!connection.goesOn(false)) {
                    return NONE;
                }
                await(stream.readable());
                if (!in.read(context().scratch())) {
                    return NONE;
                }
                head = in.takeHead();
            }
            return head;
        });
    }

    private Request request(Head head) {
        long length = head.length();
        in.expectsBody(length);
        Body body = length == 0
                ? Body.NONE
                : Body.of(in.body(config.requestTimeout(), bodyPace(), clock), length, config.maxBody());
        if (length != 0 && head.expectsContinue()) {
            in.expectsContinue();
        }
        return head.request(remote, body);
    }

    private Pace bodyPace() {
        return new Pace(config.minRate(), config.requestTimeout());
    }

    /** {@return a future that is ready when the client has gone} It is polled once a handler is not ready at once, which no answer waits for. */
    private Future<Void> gone() {
        return out.isHeld()
                ? async(() -> {
                    await(out.flush());
                    await(in.gone());
                })
                : in.gone();
    }

    private Future<Response> handled(Request request) {
        return async(() -> {
            try {
                return Objects.requireNonNull(await(config.handler().handle(request)), "no answer");
            } catch (HttpException e) {
                return e.response();
            } catch (Throwable t) {
                if (!in.isGone()) {
                    Owners.report(context().spawner(), request + " of " + connection, t);
                }
                return Response.error(500, "");
            }
        });
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    /** {@return whether the connection goes on behind it} */
    private Future<Boolean> send(Response answer, @Nullable Request request, boolean keepAlive) {
        return async(() -> {
            Response response = shown(answer, context().spawner());
            long held = Answers.held(response);
            if (held > 0 && !config.budget().take(held)) {
                response.close();
                // of no bytes: there is no room for a look either
                return await(send(Response.of(503).header("content-type", "text/plain"), request, keepAlive));
            }
            try {
                boolean unasked = in.endContinue(); // nor will it be known whether the body comes
                boolean goesOn = keepAlive
                        && !unasked
                        && !connection.isDraining()
                        && mayBeSkipped(request)
                        && !response.headers().lists("connection", "close")
                        && Answers.endsByItself(response, request);
                boolean more = goesOn && in.isBodyEnded() && in.hasHead();
                Future<Void> sending = out.send(response, request, goesOn, more, in.takeInterim());
                if (response.content() instanceof Response.Content.Streamed) {
                    if (!(await(selectBiased(sending, in.gone())) instanceof First(var _))) {
                        return false;
                    }
                } else {
                    await(sending);
                }
                in.endTurn(); // who still reads the body is told, and takes nothing from who skips the rest
                return goesOn && (in.isBodyEnded() || await(skipped()));
            } finally {
                config.budget().give(held);
            }
        });
    }

    private Response shown(Response answer, Spawner spawner) {
        try {
            return config.errors().on(answer);
        } catch (Throwable t) {
            Owners.report(spawner, connection, ", showing an error", t);
            return answer;
        }
    }

    private boolean mayBeSkipped(@Nullable Request request) {
        return in.isBodyEnded()
                || request != null && !in.isBroken() && request.body().length() <= UNREAD_BYTES;
    }

    /** {@return whether what is left of the body has been read and thrown away} */
    private Future<Boolean> skipped() {
        return async(
                () -> await(selectBiased(timeout(config.requestTimeout(), skip()), in.gone())) instanceof First(var all)
                        && all);
    }

    private Future<Boolean> skip() {
        Source<ByteBuffer> rest = in.body(config.requestTimeout(), bodyPace(), clock);
        return async(() -> {
            int left = UNREAD_BYTES;
            try {
                while (left >= 0 && await(rest.next()) instanceof Item(var piece)) {
                    left -= piece.remaining();
                }
            } catch (HttpException e) {
                return false;
            }
            return left >= 0;
        });
    }

    /** Takes in what the client still sends, until it closes: a reset would take our last answer from it. */
    private Future<Void> leave() {
        return async(() -> {
            await(stream.shutdownOutput());
            do {
                await(yieldNow()); // it may send as fast as we read
                await(stream.readable());
            } while (stream.tryRead(context().scratch()) >= 0);
        });
    }
}
