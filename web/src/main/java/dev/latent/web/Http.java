package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.timeout;

import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.io.TcpStream;
import dev.latent.web.internal.HeadBuffer;
import dev.latent.web.internal.HttpCodec;
import dev.latent.web.ws.FramedSocket;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;

/**
 * A connection as long as it speaks HTTP: request after request until one becomes a WebSocket, or the client leaves, errs, or takes too
 * long. All of it is let go when it has ended. Each step that waits for the client has the request timeout to itself.
 */
final class Http {
    static final int CHUNK_BYTES = 64 * 1024;

    private final ServerConnection connection;
    private final TcpStream stream;
    private final WebServerBuilder.Config config;
    private final HeadBuffer head;

    Http(ServerConnection connection) {
        this.connection = connection;
        this.stream = connection.stream;
        this.config = connection.server.config();
        this.head = new HeadBuffer(config.maxHead());
    }

    /**
     * {@return a future of the WebSocket's handler, whose handshake has been answered; {@link Responder#NONE} where it came to none}
     *
     * <p>Fails with {@link java.util.concurrent.TimeoutException} when the client takes too long.
     */
    Future<Responder> untilUpgrade() {
        return async(() -> {
            while (true) {
                Responder answer = await(say(await(timeout(config.requestTimeout(), next()))));
                if (answer.upgrade() != null || answer == Responder.NONE) {
                    return answer;
                }
                if (!answer.keepAlive()) {
                    await(timeout(config.requestTimeout(), leave()));
                    return Responder.NONE;
                }
            }
        });
    }

    /** {@return the WebSocket that it has become} */
    FramedSocket socket() {
        return new FramedSocket(stream, config.side(), head.takeRest());
    }

    /** {@return what the next request is to be answered with} */
    private Future<Responder> next() {
        return async(() -> {
            byte[] request = head.takeHead();
            while (request == null) {
                if (head.isGarbage()) {
                    return Responder.refusal(HttpResponseStatus.BAD_REQUEST);
                }
                if (head.isTooLong()) {
                    return Responder.refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
                }
                if (!connection.goesOn(head.isEmpty())) {
                    return Responder.NONE;
                }
                await(stream.readable());
                ByteBuffer scratch = head.room(context().scratch());
                if (stream.tryRead(scratch) < 0) {
                    return Responder.NONE;
                }
                head.add(scratch.flip());
                request = head.takeHead();
            }
            if (!connection.goesOn(false)) {
                return Responder.NONE;
            }
            return Responder.to(HttpCodec.request(request), config);
        });
    }

    /** {@return what was said in the end} */
    private Future<Responder> say(Responder answer) {
        return async(() -> {
            if (answer.source() == null) {
                if (answer != Responder.NONE) {
                    await(write(ByteBuffer.wrap(
                            answer.head(context().spawner().world().clock()))));
                }
                return answer;
            }
            AssetSource.Asset found;
            try {
                found = await(answer.open());
            } catch (Exception e) {
                Owners.report(context().spawner(), "the files of " + connection, e);
                return await(say(Responder.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR)));
            }
            try (found) {
                if (!config.budget().take(found.held())) {
                    return await(say(Responder.refusal(HttpResponseStatus.SERVICE_UNAVAILABLE)));
                }
                try {
                    await(send(answer, found));
                } finally {
                    config.budget().give(found.held());
                }
            }
            return answer;
        });
    }

    private Future<Void> send(Responder answer, AssetSource.Asset asset) {
        return async(() -> {
            await(write(ByteBuffer.wrap(
                    answer.head(asset, context().spawner().world().clock()))));
            long length = answer.hasBody() ? asset.length() : 0;
            long sent = 0;
            while (sent < length) {
                ByteBuffer chunk = await(asset.read(sent, (int) Math.min(CHUNK_BYTES, length - sent)));
                if (!chunk.hasRemaining()) {
                    throw new IllegalStateException("a file became shorter while it was being served");
                }
                sent += chunk.remaining();
                await(write(chunk));
            }
        });
    }

    private Future<Void> write(ByteBuffer bytes) {
        return timeout(config.requestTimeout(), stream.write(bytes));
    }

    /** Takes in what the client still sends, until it closes: a reset would take our last answer from it. */
    private Future<Void> leave() {
        return async(() -> {
            await(stream.shutdownOutput());
            do {
                await(stream.readable());
            } while (stream.tryRead(context().scratch()) >= 0);
        });
    }
}
