package dev.latent.web;

import dev.latent.Future;
import dev.latent.web.internal.Authority;
import dev.latent.web.internal.HttpCodec;
import dev.latent.web.ws.WebSocketHandler;
import dev.latent.world.Clock;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.List;
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

    /** Stands for no answer: the connection is over. */
    static final Responder NONE = new Responder(null, null, "", false, false, null);

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
        Target target = Target.of(request);
        if (target == null) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        WebSocketHandler handler = config.sockets().get(target.path());
        if (handler != null) {
            return webSocket(request, target.host(), handler, config);
        }
        for (var files : config.files()) {
            if (target.path().startsWith(files.prefix())) {
                String name = target.path().substring(files.prefix().length());
                return AssetSource.isPlain(name)
                        ? new Responder(null, files.source(), name, get, HttpUtil.isKeepAlive(request), null)
                        : refusal(HttpResponseStatus.NOT_FOUND);
            }
        }
        return refusal(HttpResponseStatus.NOT_FOUND);
    }

    /**
     * What a request is for.
     *
     * @param host null where an HTTP/1.0 client did not say
     */
    private record Target(@Nullable Authority host, String path) {
        /** {@return null where the request leaves it in doubt} */
        static @Nullable Target of(HttpRequest request) {
            List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
            Authority host =
                    hosts.size() == 1 ? Authority.parse(hosts.getFirst().strip()) : null;
            if (host == null && !(hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0))) {
                return null;
            }
            String uri = request.uri();
            if (!uri.startsWith(
                    "/")) { // as a proxy gets it, and we have to understand it: what it names counts, not the Host
                Authority.Address address = Authority.Address.parse(uri);
                if (address == null || address.standardPort() == Authority.NO_PORT) {
                    return null;
                }
                host = address.authority();
                uri = address.rest().startsWith("/") ? address.rest() : "/" + address.rest();
            }
            try {
                return new Target(host, new QueryStringDecoder(uri).path());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }

    private static Responder webSocket(
            HttpRequest request, @Nullable Authority host, WebSocketHandler handler, WebServerBuilder.Config config) {
        HttpHeaders headers = request.headers();
        if (!HttpCodec.asksForWebSocket(headers)
                || !List.of("13").equals(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            HttpResponse answer = empty(HttpResponseStatus.UPGRADE_REQUIRED);
            answer.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(
                            HttpHeaderNames.CONNECTION,
                            "upgrade, close") // the first of a hop's own headers (RFC 9110, 7.8)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
            return refusal(answer);
        }
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || keys.size() != 1
                || !HttpCodec.isKey(keys.getFirst())
                || origins.size() > 1) {
            return refusal(HttpResponseStatus.BAD_REQUEST);
        }
        if (!origins.isEmpty() && !config.allows(origins.getFirst(), host)) {
            return refusal(HttpResponseStatus.FORBIDDEN);
        }
        return new Responder(HttpCodec.switching(keys.getFirst().strip()), null, "", false, true, handler);
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

    /** {@return a future of the file} */
    Future<AssetSource.Asset> open() {
        return Objects.requireNonNull(source).open(name);
    }

    /** {@return the bytes of the fixed answer, dated by {@code clock}} */
    byte[] head(@Nullable Clock clock) throws IOException {
        return HttpCodec.encode(Objects.requireNonNull(fixed), clock);
    }

    /** {@return the bytes that go before the file, or say that there is none} */
    byte[] head(AssetSource.Asset asset, @Nullable Clock clock) throws IOException {
        HttpResponseStatus status =
                asset == AssetSource.Asset.NONE ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.OK;
        return HttpCodec.encode(HttpCodec.of(status, asset.type(), asset.length(), keepAlive), clock);
    }
}
