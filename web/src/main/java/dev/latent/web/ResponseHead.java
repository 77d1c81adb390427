package dev.latent.web;

import dev.latent.web.http.Headers;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The head of an answer, written to a buffer line by line. Names and values were looked at when they were put into {@link Headers}. */
final class ResponseHead {
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] SEPARATOR = ascii(": ");
    private static final byte[] LINE_END = ascii("\r\n");

    private final ByteBuffer to;

    /**
     * Begins one.
     *
     * @throws BufferOverflowException as all others, where {@code to} is too small
     */
    ResponseHead(ByteBuffer to, int status) {
        this.to = to;
        to.put(VERSION)
                .put((byte) ('0' + status / 100))
                .put((byte) ('0' + status / 10 % 10))
                .put((byte) ('0' + status % 10))
                .put((byte) ' ')
                .put(ascii(HttpResponseStatus.valueOf(status).reasonPhrase()))
                .put(LINE_END);
    }

    void fields(Headers headers) {
        headers.forEach(this::field);
    }

    void field(String name, String value) {
        to.put(ascii(name)).put(SEPARATOR).put(ascii(value)).put(LINE_END);
    }

    void end() {
        to.put(LINE_END);
    }

    /** One byte for each character, of which none has more. */
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
