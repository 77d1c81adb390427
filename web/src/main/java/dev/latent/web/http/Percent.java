package dev.latent.web.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;

/** The encoding of paths (RFC 3986, 2.1), where a plus is a plus. */
final class Percent {
    private Percent() {}

    /**
     * {@return {@code text}, decoded as UTF-8}
     *
     * @throws HttpException 400 when it can't be
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return QueryStringDecoder.decodeComponent(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpException.of(400, "the path is badly encoded");
        }
    }
}
