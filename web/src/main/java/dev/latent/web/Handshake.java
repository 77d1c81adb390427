package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.web.internal.Authority;
import dev.latent.web.internal.HeadBuffer;
import dev.latent.web.internal.HttpCodec;
import dev.latent.world.Entropy;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import java.io.EOFException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link WebSocketClient#connect}: connects, through a proxy perhaps, asks, reads the answer. */
final class Handshake {
    private static final int MAX_HEAD = 16 * 1024;

    /** Answers before the last one: 100, 102, 103 (RFC 9110, 15.2). */
    private static final int MAX_INTERIM = 16;

    private final URI uri;
    private final Authority server;
    private final HttpHeaders headers;
    private final List<String> subprotocols;
    private final @Nullable Authority proxy;
    private final WebSocketLimits limits;
    private final @Nullable Compression compression;

    /** As {@link WebSocketClient} has checked them. */
    Handshake(
            URI uri,
            Authority server,
            HttpHeaders headers,
            List<String> subprotocols,
            @Nullable Authority proxy,
            WebSocketLimits limits,
            @Nullable Compression compression) {
        this.uri = uri;
        this.server = server;
        this.headers = headers;
        this.subprotocols = subprotocols;
        this.proxy = proxy;
        this.limits = limits;
        this.compression = compression;
    }

    Future<WebSocket> connect() {
        return async(() -> {
            Entropy secrets = context().capability(Entropy.class);
            Authority first = proxy == null ? server : proxy;
            TcpStream stream = await(TcpStream.connect(first.name(), first.portOr(Authority.HTTP_PORT)));
            HeadBuffer head = new HeadBuffer(MAX_HEAD);
            boolean open = false;
            try {
                if (proxy != null) {
                    await(stream.write(ByteBuffer.wrap(HttpCodec.encode(tunnel()))));
                    checkTunnel(await(answer(stream, head)));
                }
                byte[] nonce = new byte[HttpCodec.KEY_BYTES];
                secrets.nextBytes(nonce);
                String key = Base64.getEncoder().encodeToString(nonce);
                await(stream.write(ByteBuffer.wrap(HttpCodec.encode(request(key)))));
                HttpHeaders answer = check(await(answer(stream, head)), key);
                Side side = new Side(limits, null, new Masks(secrets), deflate(answer));
                String subprotocol = answer.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, null);
                FramedSocket socket = new FramedSocket(stream, side, head.takeRest(), subprotocol);
                open = true;
                return socket;
            } finally {
                if (!open) {
                    stream.close();
                }
            }
        });
    }

    private HttpRequest tunnel() {
        String target = server.host() + ":" + server.portOr(Authority.HTTP_PORT);
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, target);
        request.headers().set(HttpHeaderNames.HOST, target);
        return request;
    }

    private void checkTunnel(HttpResponse response) throws WebSocketRefused {
        if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
            throw new WebSocketRefused(
                    response.status().code(),
                    "the proxy " + proxy + " opened no way to " + uri + ": " + response.status());
        }
    }

    private HttpRequest request(String key) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers()
                .add(headers)
                .set(HttpHeaderNames.HOST, server)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        if (!subprotocols.isEmpty()) {
            request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", subprotocols));
        }
        if (compression != null) {
            request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, Deflate.OFFER);
        }
        return request;
    }

    /** {@return the answer that is not followed by another} */
    private Future<HttpResponse> answer(TcpStream stream, HeadBuffer head) {
        return async(() -> {
            for (int interim = 0; interim <= MAX_INTERIM; interim++) {
                HttpResponse response = HttpCodec.response(await(head(stream, head)));
                if (response == null || response.decoderResult().isFailure()) {
                    throw noHttp();
                }
                HttpResponseStatus status = response.status();
                if (status.codeClass() != HttpStatusClass.INFORMATIONAL
                        || status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                    return response;
                }
            }
            throw new WebSocketRefused(0, uri + " went on announcing an answer that never came");
        });
    }

    private Future<byte[]> head(TcpStream stream, HeadBuffer head) {
        return async(() -> {
            byte[] answer = head.takeHead();
            while (answer == null) {
                if (head.isGarbage() || head.isTooLong()) {
                    throw noHttp();
                }
                await(stream.readable());
                ByteBuffer scratch = head.room(context().scratch());
                if (stream.tryRead(scratch) < 0) {
                    throw new EOFException(uri + " closed the connection without an answer");
                }
                head.add(scratch.flip());
                answer = head.takeHead();
            }
            return answer;
        });
    }

    private WebSocketRefused noHttp() {
        return new WebSocketRefused(0, uri + " answered with something that is no HTTP");
    }

    /** {@return the headers of an answer that ends the handshake} */
    private HttpHeaders check(HttpResponse response, String key) throws WebSocketRefused {
        HttpResponseStatus status = response.status();
        if (!status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            throw new WebSocketRefused(status.code(), uri + " opened no WebSocket: " + status);
        }
        HttpHeaders answered = response.headers();
        List<String> chosen = Subprotocols.of(answered.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
        if (!HttpCodec.asksForWebSocket(answered)
                || !List.of(HttpCodec.accept(key)).equals(answered.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
                || !isAgreed(answered.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
                || chosen.size() > 1
                || !subprotocols.containsAll(chosen)) {
            throw new WebSocketRefused(status.code(), uri + " answered another handshake than ours");
        }
        return answered;
    }

    private boolean isAgreed(List<String> extensions) {
        return extensions.isEmpty() || compression != null && Deflate.agreed(extensions) != null;
    }

    /** {@return what packs and unpacks, null for nothing} */
    private @Nullable Deflate deflate(HttpHeaders answer) {
        Deflate.Agreed agreed = Deflate.agreed(answer.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
        return compression == null || agreed == null ? null : compression.deflate.within(agreed.window());
    }
}
