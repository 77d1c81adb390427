package dev.latent.web.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Heads by Netty's HTTP codecs, driven without a pipeline. A head is cut out of the stream before it gets here, so that bytes behind it
 * (frames behind a handshake) never reach an HTTP parser.
 */
public final class HttpCodec {
    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** RFC 9110, 5.6.7; the JDK's own writes a day of one digit. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** RFC 9112, 4, but for the blank behind it, which some leave out; Netty reads signs, and more, as part of a number. */
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] [1-9]\\d\\d[ \\r\\n]");

    private static final int FIRST_BYTES = 256;

    /** Characters that Netty looks for a date in. */
    private static final int MAX_DATE = 64;

    /** Of a handshake's key. */
    public static final int KEY_BYTES = 16;

    private HttpCodec() {}

    /** {@return the response of that head; one that can't be understood has a failed {@code decoderResult()}, or is null} */
    public static @Nullable HttpResponse response(byte[] head) throws Exception {
        if (!STATUS.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt()) {
            return null;
        }
        List<Object> out = new ArrayList<>(2);
        ResponseDecoder decoder = new ResponseDecoder(head.length);
        ByteBuf bytes = Unpooled.wrappedBuffer(head);
        int before;
        do {
            before = bytes.readerIndex();
            decoder.decode(null, bytes, out);
        } while (out.isEmpty() && bytes.readerIndex() > before);
        return !out.isEmpty() && out.getFirst() instanceof HttpResponse response ? response : null;
    }

    /** Netty's decoder, without a channel: it asks for one only when that ends. */
    private static final class ResponseDecoder extends HttpResponseDecoder {
        ResponseDecoder(int max) {
            super(new HttpDecoderConfig().setMaxInitialLineLength(max).setMaxHeaderSize(max));
        }

        @Override
        protected void decode(@Nullable ChannelHandlerContext none, ByteBuf in, List<Object> out) throws Exception {
            super.decode(none, in, out);
        }
    }

    /** {@return the time as headers have it} */
    public static String date(Instant time) {
        return DATE.format(time);
    }

    /** {@return the time that a header says; null where it says none} */
    public static @Nullable Instant time(@Nullable String date) {
        Date parsed = date == null || date.length() > MAX_DATE ? null : DateFormatter.parseHttpDate(date);
        return parsed == null ? null : Instant.ofEpochMilli(parsed.getTime());
    }

    /** {@return the bytes of a request's head} */
    public static byte[] encode(HttpRequest request) {
        return Encoder.bytes(request);
    }

    /** Netty's encoder, without a channel: it asks for one only to allocate. */
    private static final class Encoder extends HttpRequestEncoder {
        static byte[] bytes(HttpRequest request) {
            ByteBuf out = Unpooled.buffer(FIRST_BYTES);
            Encoder encoder = new Encoder();
            try {
                encoder.encodeInitialLine(out, request);
            } catch (Exception e) {
                throw new IllegalArgumentException(e);
            }
            encoder.encodeHeaders(request.headers(), out);
            return ByteBufUtil.getBytes(out.writeByte('\r').writeByte('\n'));
        }
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
