package dev.latent.web;

import dev.latent.web.http.Body;
import dev.latent.web.http.Headers;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.internal.Authority;
import dev.latent.web.internal.RequestHead;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the head of a request means, and whether it leaves that in doubt: then the connection is over, since its end is in doubt as well. */
final class Head {
    private static final int HTTP_1 = 1;

    private final RequestHead said;
    private final Headers headers;

    private Head(RequestHead said) {
        this.said = said;
        this.headers = Headers.of(said.fields());
    }

    /**
     * {@return the head that stands in {@code bytes}, after a look at what decides where a request ends, and who is to read it how}
     *
     * @throws HttpException with the status to answer
     */
    static Head of(byte[] bytes) {
        RequestHead said = RequestHead.of(bytes);
        if (said == null) {
            throw HttpException.of(400, "");
        }
        if (said.major() != HTTP_1) {
            throw HttpException.of(505, "");
        }
        Head head = new Head(said);
        head.checkEnd();
        String expected = head.only("expect", 417);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw HttpException.of(417, "");
        }
        if (said.method().equals("CONNECT")) {
            throw HttpException.of(501, "");
        }
        return head;
    }

    private void checkEnd() {
        String coding = only("transfer-encoding", 400);
        String length = only("content-length", 400);
        // of what ends otherwise, the end can't be told; of a length and chunks, whoever stands before us may have
        // believed the other one
        boolean isKnown = coding == null
                ? length == null || isLength(length)
                : length == null && coding.equalsIgnoreCase("chunked") && !isOld();
        if (!isKnown) {
            throw HttpException.of(400, "");
        }
    }

    /** {@return the value of the only field of that name; null where there is none} */
    private @Nullable String only(String name, int statusOfMore) {
        String first = headers.get(name);
        if (first != null && headers.all(name).size() > 1) {
            throw HttpException.of(statusOfMore, "");
        }
        return first;
    }

    private static boolean isLength(String text) {
        return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean isOld() {
        return said.minor() == 0;
    }

    /** {@return whether the client waits to be told before it sends the body} */
    boolean expectsContinue() {
        return headers.contains("expect") && !isOld();
    }

    /** {@return whether the client goes on behind it} */
    boolean isKeepAlive() {
        return !headers.lists("connection", "close") && (!isOld() || headers.lists("connection", "keep-alive"));
    }

    /** {@return the length of the body, negative where it is not said} */
    long length() {
        String length = headers.get("content-length");
        if (length != null) {
            return Long.parseLong(length);
        }
        return headers.contains("transfer-encoding") ? -1 : 0;
    }

    /**
     * {@return the request}
     *
     * @throws HttpException 400 when it leaves in doubt what it is for
     */
    Request request(InetSocketAddress remote, Body body) {
        List<String> hosts = headers.all("host");
        Authority host = hosts.size() == 1 ? Authority.parse(hosts.getFirst()) : null;
        if (host == null && !(hosts.isEmpty() && isOld())) {
            throw HttpException.of(400, "");
        }
        String target = said.target();
        if (!target.startsWith("/") && !(target.equals("*") && said.method().equals("OPTIONS"))) {
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
        Request request = Request.builder(said.method(), target)
                .version(isOld() ? "HTTP/1.0" : "HTTP/1.1")
                .headers(headers)
                .host(host == null ? null : host.toString())
                .remoteAddress(remote)
                .body(body)
                .build();
        request.path(); // which has to be well encoded
        return request;
    }
}
