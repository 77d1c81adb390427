package dev.latent.web;

import dev.latent.web.http.Body;
import dev.latent.web.http.Headers;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.internal.Authority;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the head of a request means, and whether it leaves that in doubt: then the connection is over, since its end is in doubt as well. */
final class Heads {
    private static final int HTTP_1 = 1;

    private Heads() {}

    /**
     * Checks what decides where a request ends, and who is to read it how.
     *
     * @throws HttpException with the status to answer
     */
    static HttpRequest checked(@Nullable HttpRequest head) {
        if (head == null || head.decoderResult().isFailure()) {
            throw HttpException.of(400, "");
        }
        if (head.protocolVersion().majorVersion() != HTTP_1) {
            throw HttpException.of(505, "");
        }
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            boolean chunked = codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked");
            if (!chunked || isOld(head)) {
                throw HttpException.of(400, ""); // of what ends otherwise, the end can't be told
            }
        }
        List<String> lengths = head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1
                || lengths.size() == 1 && !isLength(lengths.getFirst().strip())) {
            throw HttpException.of(400, "");
        }
        List<String> expected = head.headers().getAll(HttpHeaderNames.EXPECT);
        if (!expected.isEmpty()
                && !(expected.size() == 1 && expected.getFirst().strip().equalsIgnoreCase("100-continue"))) {
            throw HttpException.of(417, "");
        }
        if (head.method().equals(HttpMethod.CONNECT)) {
            throw HttpException.of(501, "");
        }
        return head;
    }

    private static boolean isLength(String text) {
        return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isOld(HttpRequest head) {
        return head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** {@return whether the client waits to be told before it sends the body} */
    static boolean expectsContinue(HttpRequest head) {
        return head.headers().contains(HttpHeaderNames.EXPECT) && !isOld(head);
    }

    static boolean isKeepAlive(HttpRequest head) {
        return HttpUtil.isKeepAlive(head);
    }

    /** {@return the length of the body, negative where it is not said} */
    static long length(HttpRequest head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null) {
            return Long.parseLong(length.strip());
        }
        return head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING) ? -1 : 0;
    }

    /**
     * {@return the request}
     *
     * @throws HttpException 400 when it leaves in doubt what it is for
     */
    static Request request(HttpRequest head, InetSocketAddress remote, Body body) {
        HttpHeaders headers = head.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        Authority host = hosts.size() == 1 ? Authority.parse(hosts.getFirst().strip()) : null;
        if (host == null && !(hosts.isEmpty() && isOld(head))) {
            throw HttpException.of(400, "");
        }
        String target = head.uri();
        if (!target.startsWith("/") && !(target.equals("*") && head.method().equals(HttpMethod.OPTIONS))) {
            // as a proxy gets it, and we have to understand it: what it names counts, not the Host
            Authority.Address address = Authority.Address.parse(target);
            if (address == null || address.standardPort() == Authority.NO_PORT) {
                throw HttpException.of(400, "");
            }
            host = address.authority();
            target = address.rest().startsWith("/") ? address.rest() : "/" + address.rest();
        }
        int fragment = target.indexOf('#');
        if (fragment >= 0) {
            target = target.substring(0, fragment);
        }
        Request request = Request.builder(head.method().name(), target)
                .version(isOld(head) ? "HTTP/1.0" : "HTTP/1.1")
                .headers(Headers.of(headers))
                .host(host == null ? null : host.toString())
                .remoteAddress(remote)
                .body(body)
                .build();
        request.path(); // which has to be well encoded
        return request;
    }
}
