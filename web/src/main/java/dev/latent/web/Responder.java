package dev.latent.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one request is answered with.
 *
 * @param fixed the whole answer, unless a file is to be looked up
 * @param source where to look for the file called {@code name}
 * @param hasBody false for HEAD
 * @param upgrade who gets the WebSocket that the answer opens
 */
record Responder(
        @Nullable HttpResponse fixed,
        @Nullable AssetSource source,
        String name,
        boolean hasBody,
        boolean keepAlive,
        @Nullable WebSocketHandler upgrade) {

    /** Decides; {@code request} is null where there was none to be read. */
    static Responder to(@Nullable HttpRequest request, WebServerBuilder.Config config) {
        if (request == null
                || request.decoderResult().isFailure()
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        boolean get = request.method().equals(HttpMethod.GET);
        if (!get && !request.method().equals(HttpMethod.HEAD)) {
            HttpResponse answer = empty(HttpResponseStatus.METHOD_NOT_ALLOWED);
            answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refusal(answer);
        }
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0")) {
            return refusal(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        }
        if (headers.getAll(HttpHeaderNames.HOST).size() > 1) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        String path;
        try {
            path = new QueryStringDecoder(request.uri()).path();
        } catch (IllegalArgumentException e) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        WebSocketHandler handler = config.sockets().get(path);
        if (handler != null) {
            return webSocket(request, handler, config);
        }
        for (var files : config.files()) {
            if (path.startsWith(files.prefix())) {
                String name = path.substring(files.prefix().length());
                return AssetSource.isPlain(name)
                        ? new Responder(null, files.source(), name, get, HttpUtil.isKeepAlive(request), null)
                        : refusal(HttpResponseStatus.NOT_FOUND);
            }
        }
        return refusal(HttpResponseStatus.NOT_FOUND);
    }

    private static Responder webSocket(HttpRequest request, WebSocketHandler handler, WebServerBuilder.Config config) {
        HttpHeaders headers = request.headers();
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!HttpCodec.asksForWebSocket(headers) || !"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            HttpResponse answer = empty(HttpResponseStatus.UPGRADE_REQUIRED);
            answer.headers().set(HttpHeaderNames.UPGRADE, "websocket").set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
            return refusal(answer);
        }
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !HttpCodec.isKey(key)) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        if (!config.allows(headers.get(HttpHeaderNames.ORIGIN), headers.get(HttpHeaderNames.HOST))) {
            return refusal(HttpResponseStatus.FORBIDDEN);
        }
        return new Responder(HttpCodec.switching(key.strip()), null, "", false, true, handler);
    }

    /** {@return an answer without a body, after which the connection ends} */
    static Responder refusal(HttpResponseStatus status) {
        return refusal(empty(status));
    }

    private static Responder refusal(HttpResponse answer) {
        return new Responder(answer, null, "", false, false, null);
    }

    private static HttpResponse empty(HttpResponseStatus status) {
        return HttpCodec.of(status, "text/plain", 0, false);
    }

    /** Looks the file up; blocks. It is given as it is, so that the pool closes one that nobody waits for any more. */
    AssetSource.@Nullable Asset open() throws IOException {
        return Objects.requireNonNull(source).open(name);
    }

    /** {@return the bytes of the fixed answer} */
    byte[] head() throws IOException {
        return HttpCodec.encode(Objects.requireNonNull(fixed));
    }

    /** {@return the bytes that go before the file, or say that there is none} */
    byte[] head(AssetSource.@Nullable Asset asset) throws IOException {
        return HttpCodec.encode(
                asset == null
                        ? HttpCodec.of(HttpResponseStatus.NOT_FOUND, "text/plain", 0, keepAlive)
                        : HttpCodec.of(HttpResponseStatus.OK, asset.type(), asset.length(), keepAlive));
    }
}
