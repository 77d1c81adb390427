package dev.latent.web.internal;

import dev.latent.world.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP codecs, driven without a pipeline: one head in, one head out. A head is cut out of the stream before it gets here, so
 * that bytes behind it (frames behind a handshake) never reach an HTTP parser.
 */
public final class HttpCodec {
    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** RFC 9110, 5.6.7; the JDK's own writes a day of one digit. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Of a handshake's key. */
    public static final int KEY_BYTES = 16;

    private HttpCodec() {}

    /** {@return the request of that head; one that can't be understood has a failed {@code decoderResult()}, or is null} */
    public static @Nullable HttpRequest request(byte[] head) {
        return (HttpRequest) decode(head, new EmbeddedChannel(new HttpRequestDecoder(config(head))));
    }

    /** {@return the response of that head, in the same way} */
    public static @Nullable HttpResponse response(byte[] head) {
        return (HttpResponse) decode(head, new EmbeddedChannel(new HttpResponseDecoder(config(head))));
    }

    private static HttpDecoderConfig config(byte[] head) {
        return new HttpDecoderConfig().setMaxInitialLineLength(head.length).setMaxHeaderSize(head.length);
    }

    private static @Nullable HttpMessage decode(byte[] head, EmbeddedChannel channel) {
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(head));
            return channel.readInbound() instanceof HttpMessage message ? message : null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** {@return the bytes of a response's head; who has a clock has to say when it was made} */
    public static byte[] encode(HttpResponse response, @Nullable Clock clock) throws IOException {
        if (clock != null) {
            response.headers().set(HttpHeaderNames.DATE, DATE.format(clock.instant()));
        }
        return encode(response, new EmbeddedChannel(new HttpResponseEncoder()));
    }

    /** {@return the bytes of a request's head} */
    public static byte[] encode(HttpRequest request) throws IOException {
        return encode(request, new EmbeddedChannel(new HttpRequestEncoder()));
    }

    private static byte[] encode(HttpMessage message, EmbeddedChannel channel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            channel.writeOutbound(message);
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                part.readBytes(bytes, part.readableBytes());
                part.release();
            }
            return bytes.toByteArray();
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** {@return a response whose body has {@code length} bytes of {@code type}} */
    public static HttpResponse of(HttpResponseStatus status, String type, long length, boolean keepAlive) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        return response;
    }

    /** {@return the answer that opens a WebSocket} */
    public static HttpResponse switching(String key) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        return response;
    }

    /** {@return what the server answers to a handshake's key} */
    public static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    /** {@return whether the headers ask to become a WebSocket} */
    public static boolean asksForWebSocket(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** {@return whether {@code key} is one: sixteen bytes in base 64} */
    public static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
