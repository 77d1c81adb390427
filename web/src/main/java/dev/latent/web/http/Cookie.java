package dev.latent.web.http;

import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cookie to be set (RFC 6265). Scripts can't read it, and other sites' requests don't carry it, unless said.
 *
 * @param maxAge null: as long as the browser is open; none: to be deleted
 */
public record Cookie(
        String name,
        String value,
        String path,
        @Nullable Duration maxAge,
        boolean secure,
        boolean httpOnly,
        SameSite sameSite) {
    /** Which requests carry a cookie. */
    public enum SameSite {
        /** Those that come from the site itself. */
        STRICT,
        /** Those, and links to it. */
        LAX,
        /** All; browsers want it {@link #secure} then. */
        NONE
    }

    /** {@return a cookie for the whole site} */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, "/", null, false, true, SameSite.LAX);
    }

    /** {@return this, to be kept for so long} */
    public Cookie maxAge(Duration age) {
        return new Cookie(name, value, path, age, secure, httpOnly, sameSite);
    }

    /** {@return this, for TLS only} */
    public Cookie overTls() {
        return new Cookie(name, value, path, maxAge, true, httpOnly, sameSite);
    }

    String encode() {
        DefaultCookie cookie = new DefaultCookie(name, value);
        cookie.setPath(path);
        if (maxAge != null) {
            cookie.setMaxAge(maxAge.toSeconds());
        }
        cookie.setSecure(secure);
        cookie.setHttpOnly(httpOnly);
        cookie.setSameSite(
                switch (sameSite) {
                    case STRICT -> CookieHeaderNames.SameSite.Strict;
                    case LAX -> CookieHeaderNames.SameSite.Lax;
                    case NONE -> CookieHeaderNames.SameSite.None;
                });
        return ServerCookieEncoder.STRICT.encode(cookie);
    }
}
