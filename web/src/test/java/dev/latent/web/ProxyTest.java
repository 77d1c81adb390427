package dev.latent.web;

import static dev.latent.Async.await;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.web.http.Handler;
import dev.latent.web.http.Response;
import dev.latent.web.http.TrustedProxies;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who the client is, where a proxy stands before us; and who it is not, whatever it writes. */
@Timeout(60)
class ProxyTest {
    private static final Handler WHO =
            request -> Futures.ready(Response.text(request.remoteAddress().getHostString() + ":"
                    + request.remoteAddress().getPort() + " " + request.scheme() + " " + request.host()));

    private static String get(String... headers) {
        String all = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return "GET /who HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + all + "\r\n";
    }

    private static String body(byte[] answer) {
        String text = new String(answer, ISO_8859_1);
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void whatTrustedProxiesSay() throws Exception {
        String[][] cases = {
            {"X-Forwarded-For: 1.2.3.4", "1.2.3.4:0 http h"},
            {
                "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop",
                "1.2.3.4:0 https shop"
            },
            {"X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4:0 http h"},
            {"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4:99", "1.2.3.4:99 http h"},
            {"X-Forwarded-For: nonsense", "127.0.0.1:p http h"},
            {"X-Forwarded-For: www.example.com", "127.0.0.1:p http h"},
            {"Forwarded: for=1.2.3.4;proto=https;host=\"shop:8443\";by=9.9.9.9", "1.2.3.4:0 https shop:8443"},
            {"Forwarded: for=\"[2001:db8::1]:4711\"", "2001:db8:0:0:0:0:0:1:4711 http h"},
            {"Forwarded: for=6.6.6.6, For=1.2.3.4;Proto=HTTPS, for=10.2.2.2", "1.2.3.4:0 https h"},
            {"Forwarded: for=\"1.2.3.4, for=6.6.6.6\"", "127.0.0.1:p http h"},
            {"Forwarded: for=unknown;proto=https", "127.0.0.1:p https h"},
            {"Forwarded: for=_hidden, for=10.0.0.3", "10.0.0.3:0 http h"},
            {"Forwarded: for=1.2.3.4\r\nX-Forwarded-For: 6.6.6.6", "127.0.0.1:p http h"},
            {"Forwarded: for=1.2.3.4;proto=https\r\nX-Forwarded-For: 1.2.3.4", "127.0.0.1:p http h"},
            {"Forwarded: for=1.2.3.4\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil", "127.0.0.1:p http h"},
            {
                "Forwarded: for=\"1.2.3.4:99\";proto=https\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https",
                "1.2.3.4:99 https h"
            },
            {"Forwarded: for=1.2.3.4;proto=gopher;host=\"a/b\"", "1.2.3.4:0 http h"},
            {"X-Other: 1", "127.0.0.1:p http h"},
        };
        WebServerBuilder trusting =
                WebServer.at("127.0.0.1", 0).get("/who", WHO).use(TrustedProxies.of("127.0.0.1", "10.0.0.0/8", "::1"));
        WebServerBuilder others = WebServer.at("127.0.0.1", 0).get("/who", WHO).use(TrustedProxies.of("10.0.0.0/8"));
        List<String> reported = Raw.with(Latent.system(), trusting, server -> {
            for (String[] c : cases) {
                try (var stream = await(Raw.open(server, get(c[0])))) {
                    String mine = ":" + stream.localAddress().getPort() + " ";
                    assertEquals(c[1], body(await(Raw.rest(stream))).replace(mine, ":p "), c[0]);
                }
            }
        });
        assertEquals(List.of(), reported);
        reported = Raw.with(Latent.system(), others, server -> {
            for (String[] c : cases) {
                try (var stream = await(Raw.open(server, get(c[0])))) {
                    String mine = ":" + stream.localAddress().getPort() + " ";
                    assertEquals(
                            "127.0.0.1:p http h", body(await(Raw.rest(stream))).replace(mine, ":p "), c[0]);
                }
            }
        });
        assertEquals(List.of(), reported);
        for (String bad : new String[] {"10.0.0.0/33", "localhost", "10.0.0.0/x", "::1/129"}) {
            assertThrows(IllegalArgumentException.class, () -> TrustedProxies.of(bad), bad);
        }
    }

    /** Both versions, cut at each byte. */
    @Test
    void theProxyProtocol() throws Exception {
        String one = "PROXY TCP4 1.2.3.4 5.6.7.8 4711 80\r\n";
        byte[] two = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "0102030405060708" + "12670050");
        byte[] local = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000");
        List<String> reported = Raw.with(
                Latent.system(), WebServer.at("127.0.0.1", 0).get("/who", WHO).proxyProtocol(), server -> {
                    for (String header : new String[] {one, new String(two, ISO_8859_1)}) {
                        String all = header + get();
                        for (int cut = 0; cut < header.length() + 3; cut++) {
                            try (var stream = await(Raw.open(server, all.substring(0, cut)))) {
                                await(stream.write(
                                        ByteBuffer.wrap(all.substring(cut).getBytes(ISO_8859_1))));
                                assertEquals("1.2.3.4:4711 http h", body(await(Raw.rest(stream))), header + cut);
                            }
                        }
                    }
                    for (String own : new String[] {"PROXY UNKNOWN\r\n", new String(local, ISO_8859_1)}) {
                        try (var stream = await(Raw.open(server, own + get()))) {
                            String mine = ":" + stream.localAddress().getPort() + " ";
                            assertEquals(
                                    "127.0.0.1:p http h",
                                    body(await(Raw.rest(stream))).replace(mine, ":p "));
                        }
                    }
                    for (String bad :
                            new String[] {get(), "PROXY TCP4 x y 1 2\r\n" + get(), "PROXY " + "x".repeat(20_000)}) {
                        try (var stream = await(Raw.open(server, bad))) {
                            try {
                                assertEquals(
                                        "",
                                        new String(
                                                await(timeout(Duration.ofSeconds(5), Raw.rest(stream))), ISO_8859_1));
                            } catch (java.io.IOException e) {
                                // or it is reset
                            }
                        }
                    }
                });
        assertEquals(List.of(), reported);
    }
}
