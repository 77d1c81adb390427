package dev.latent.web.ws;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.web.http.Headers;
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
import io.netty.handler.codec.http.HttpVersion;
import java.io.EOFException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@link WebSocket#connect}: connects, asks, reads the answer. */
final class Handshake {
    private static final int MAX_HEAD = 16 * 1024;

    private final URI uri;
    private final Authority server;
    private final WebSocketLimits limits;
    private final Headers more;
    private final List<String> subprotocols;
    private final HeadBuffer head = new HeadBuffer(MAX_HEAD);

    Handshake(URI uri, WebSocketLimits limits, Headers more, List<String> subprotocols) {
        Authority named = uri.getRawAuthority() == null ? null : Authority.parse(uri.getRawAuthority());
        if (!"ws".equalsIgnoreCase(uri.getScheme())
                || named == null
                || named.host().isEmpty()) {
            throw new IllegalArgumentException("not a ws:// address: " + uri);
        }
        this.uri = uri;
        this.server = named;
        this.limits = limits;
        this.more = more;
        this.subprotocols = subprotocols;
        more.forEach((name, value) -> {
            if (isOwn(name)) {
                throw new IllegalArgumentException(name + " is the handshake's own to say");
            }
        });
        for (String name : subprotocols) {
            Headers.NONE.plus(name, ""); // a token, as a header's name is
        }
    }

    private static boolean isOwn(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "host", "upgrade", "connection", "content-length", "transfer-encoding" -> true;
            default -> lower.startsWith("sec-websocket-");
        };
    }

    Future<WebSocket> connect() {
        return async(() -> {
            Entropy secrets = context().capability(Entropy.class);
            TcpStream stream = await(TcpStream.connect(server.name(), server.portOr(Authority.HTTP_PORT)));
            boolean open = false;
            try {
                byte[] nonce = new byte[HttpCodec.KEY_BYTES];
                secrets.nextBytes(nonce);
                String key = Base64.getEncoder().encodeToString(nonce);
                await(stream.write(ByteBuffer.wrap(HttpCodec.encode(request(key)))));
                String subprotocol = check(HttpCodec.response(await(answer(stream))), key);
                Side side = Side.client(limits, new Masks(secrets));
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

    private HttpRequest request(String key) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers()
                .set(HttpHeaderNames.HOST, server)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        if (!subprotocols.isEmpty()) {
            request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", subprotocols));
        }
        more.forEach(request.headers()::add);
        return request;
    }

    private Future<byte[]> answer(TcpStream stream) {
        return async(() -> {
            byte[] answer = head.takeHead();
            while (answer == null) {
                if (head.isGarbage() || head.isTooLong()) {
                    throw new WebSocketRefused(0, uri + " answered with something that is no HTTP");
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

    /** {@return the subprotocol that the server has chosen} */
    private @Nullable String check(@Nullable HttpResponse response, String key) throws WebSocketRefused {
        if (response == null || response.decoderResult().isFailure()) {
            throw new WebSocketRefused(0, uri + " answered with something that is no HTTP");
        }
        int status = response.status().code();
        if (status != 101) {
            throw new WebSocketRefused(status, uri + " opened no WebSocket: " + response.status());
        }
        HttpHeaders headers = response.headers();
        if (!HttpCodec.asksForWebSocket(headers)
                || !List.of(HttpCodec.accept(key)).equals(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
                || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
                || !mayBe(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))) {
            throw new WebSocketRefused(status, uri + " answered another handshake than ours");
        }
        return headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    }

    private boolean mayBe(List<String> chosen) {
        return chosen.isEmpty() || chosen.size() == 1 && subprotocols.contains(chosen.getFirst());
    }
}
