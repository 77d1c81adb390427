package dev.latent.web;

import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.internal.HeadBuffer;
import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose host, target or handshake is in doubt, and those that only look so. */
@Timeout(60)
class HttpRulesTest {
    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", Raw::echo)
                .resources("/", name -> name.equals("one") ? new ByteArrayInputStream("one".getBytes(UTF_8)) : null);
    }

    private static void answers(String[][] cases) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> reported = Raw.with(Latent.system(), builder(), server -> {
            for (String[] c : cases) {
                String status = await(Raw.status(server, c[0] + "\r\n"));
                if (!status.equals(c[1])) {
                    wrong.add(c[0] + " -> " + status + ", not " + c[1]);
                }
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals(List.of(), reported);
    }

    @Test
    void aRequestNamesOneHost() throws Exception {
        answers(new String[][] {
            {"GET /one HTTP/1.1\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nHost: a\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a, b\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a/b\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: user@a\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a:b\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a:65536\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: [::1\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a:80\r\n", "200"},
            {"GET /one HTTP/1.1\r\nHost: a:\r\n", "200"},
            {"GET /one HTTP/1.1\r\nHost: my_host\r\n", "200"},
            {"GET /one HTTP/1.1\r\nHost: [::1]:80\r\n", "200"},
            {"GET /one HTTP/1.1\r\nHost:\r\n", "200"},
            {"GET /one HTTP/1.0\r\n", "200"},
            {"GET /one HTTP/1.0\r\nHost: a\r\nHost: b\r\n", "400"},
            {Raw.upgrade("x").replace("Host: x\r\n", ""), "400"},
        });
    }

    /** What Netty's decoder would forgive. */
    @Test
    void aHeadIsReadByTheLetter() throws Exception {
        answers(new String[][] {
            {"GET /one HTTP/1.1\r\nHost: a\r\nX: b\tc\r\n", "200"},
            {"GET /one HTTP/1.7\r\nHost: a\r\n", "200"},
            {"\0GET /one HTTP/1.1\r\nHost: a\r\n", "400"},
            {" GET /one HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /one HtTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /one HTTP/1.1 \r\nHost: a\r\n", "400"},
            {"GET\t/one HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nX: b\r\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nX: b\u007fc\r\n", "400"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nX: b\u000bc\r\n", "400"},
            {"GET /one\u0001 HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /%c0%ae HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /%ff HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /%e0%80%af HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n", "400"},
            {"GET /%6fne HTTP/1.1\r\nHost: a\r\n", "200"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: " + "x".repeat(100) + "\r\n", "200"},
            {"GET /one.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ;;,;\r\n", "404"},
            {"GET /one HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ;\r\n", "200"},
        });
    }

    @Test
    void aTargetMayBeAbsolute() throws Exception {
        answers(new String[][] {
            {"GET http://shop/one HTTP/1.1\r\nHost: shop\r\n", "200"},
            {"GET HTTP://shop:8080/one?x=y HTTP/1.1\r\nHost: other\r\n", "200"},
            {"GET https://my_shop/one HTTP/1.1\r\nHost: shop\r\n", "200"},
            {"GET http://shop HTTP/1.1\r\nHost: shop\r\n", "404"},
            {"GET http://shop?one HTTP/1.1\r\nHost: shop\r\n", "404"},
            {"GET http://shop/one HTTP/1.1\r\n", "400"},
            {"GET http:///one HTTP/1.1\r\nHost: shop\r\n", "400"},
            {"GET http://me@shop/one HTTP/1.1\r\nHost: shop\r\n", "400"},
            {"GET ftp://shop/one HTTP/1.1\r\nHost: shop\r\n", "400"},
            {"GET one HTTP/1.1\r\nHost: shop\r\n", "400"},
            {"GET * HTTP/1.1\r\nHost: shop\r\n", "400"},
            // What the target names counts, not the Host.
            {Raw.upgrade("evil").replace("/ws", "http://shop/ws") + "Origin: http://shop\r\n", "101"},
            {Raw.upgrade("evil").replace("/ws", "http://shop/ws") + "Origin: http://evil\r\n", "403"},
        });
    }

    @Test
    void aHandshakeSaysEverythingOnce() throws Exception {
        String key = "Sec-WebSocket-Key: " + Raw.KEY + "\r\n";
        answers(new String[][] {
            {Raw.upgrade("h"), "101"},
            {Raw.upgrade("h") + key, "400"},
            {Raw.upgrade("h") + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "400"},
            {Raw.upgrade("h").replace(key, ""), "400"},
            {Raw.upgrade("h") + "Sec-WebSocket-Version: 13\r\n", "426"},
            {Raw.upgrade("h") + "Sec-WebSocket-Version: 8\r\n", "426"},
            {Raw.upgrade("h").replace("Version: 13", "Version: 13, 8"), "426"},
            {Raw.upgrade("h") + "Origin: http://h\r\nOrigin: http://h\r\n", "400"},
            {Raw.upgrade("h") + "Connection: keep-alive\r\nUpgrade: other\r\n", "101"},
        });
    }

    @Test
    void theStandardPortNeedNotBeNamed() throws Exception {
        String[][] cases = {
            {"shop", "http://shop", "101"},
            {"shop:80", "http://shop", "101"},
            {"shop", "http://shop:80", "101"},
            {"SHOP", "http://Shop:80", "101"},
            {"shop:443", "https://shop", "101"},
            {"shop", "https://shop:443", "101"},
            {"my_shop:80", "http://my_shop", "101"},
            {"[::1]:80", "http://[::1]", "101"},
            {"shop:443", "http://shop", "403"},
            {"shop:80", "https://shop", "403"},
            {"shop:81", "http://shop", "403"},
            {"shop", "http://shop:81", "403"},
            {"shop", "http://shop.evil", "403"},
            {"shop", "http://shop@evil", "403"},
            {"", "http://", "403"},
            {"shop", "shop", "403"},
            {"null", "null", "403"},
        };
        String[][] requests = new String[cases.length][];
        for (int i = 0; i < cases.length; i++) {
            requests[i] = new String[] {Raw.upgrade(cases[i][0]) + "Origin: " + cases[i][1] + "\r\n", cases[i][2]};
        }
        answers(requests);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    /** However it is cut into packets. */
    @Test
    void emptyLinesBeforeARequestAreNoneOfIt() {
        byte[] all = utf8("\r\n\r\nGET /one HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
        for (int a = 0; a <= all.length; a++) {
            for (int b = a; b <= all.length; b++) {
                HeadBuffer buffer = new HeadBuffer(1000);
                List<String> heads = new ArrayList<>();
                int[] cuts = {0, a, b, all.length};
                for (int i = 0; i < 3; i++) {
                    buffer.add(ByteBuffer.wrap(all, cuts[i], cuts[i + 1] - cuts[i]));
                    for (byte[] head = buffer.takeHead(); head != null; head = buffer.takeHead()) {
                        heads.add(new String(head, UTF_8));
                    }
                    assertEquals(false, buffer.isGarbage(), "cut at " + a + " and " + b);
                }
                assertEquals(
                        List.of("GET /one HTTP/1.1\r\nHost: h\r\n\r\n", "GET /two HTTP/1.1\r\nHost: h\r\n\r\n"),
                        heads,
                        "cut at " + a + " and " + b);
                assertEquals(true, buffer.isEmpty());
            }
        }
        for (String garbage : new String[] {"\n", "\r\r", "\rG", "\r\n\n", " "}) {
            HeadBuffer buffer = new HeadBuffer(1000);
            buffer.add(ByteBuffer.wrap(utf8(garbage)));
            assertEquals(null, buffer.takeHead());
            assertEquals(true, buffer.isGarbage(), garbage);
        }
    }

    @Test
    void emptyLinesBetweenRequests() throws Exception {
        Raw.with(Latent.system(), builder(), server -> {
            String one = "GET /one HTTP/1.1\r\nHost: h\r\n\r\n";
            try (var stream = await(Raw.open(server, "\r\n" + one + "\r\n"))) {
                assertEquals("HTTP/1.1 200 OK", await(Raw.head(stream)).substring(0, 15));
                await(stream.read(ByteBuffer.allocate(3)));
                await(stream.write(ByteBuffer.wrap(utf8(one.replace("Host", "Connection: close\r\nHost")))));
                String rest = new String(await(Raw.rest(stream)), UTF_8);
                assertEquals("HTTP/1.1 200 OK", rest.substring(0, 15));
            }
        });
    }

    /** A network that only notes what it is asked for. */
    private record Asked(List<String> names) implements Net {
        @Override
        public Future<TcpListener> bind(SocketAddress address) {
            return Futures.failed(new ConnectException("no network"));
        }

        @Override
        public Future<TcpStream> connect(SocketAddress address) {
            var to = (InetSocketAddress) address;
            names.add(to.getHostString() + " " + to.getPort());
            return Futures.failed(new ConnectException("no network"));
        }
    }

    @Test
    void addressesOfClients() throws Exception {
        for (String bad :
                new String[] {"wss://x/", "http://x/", "ws:/x", "ws://", "ws:///x", "ws://me@x/", "ws://a:b/"}) {
            assertThrows(IllegalArgumentException.class, () -> WebSocket.connect(URI.create(bad)), bad);
        }
        List<String> asked = new ArrayList<>();
        try (var executor = LocalExecutor.builder()
                .world(Latent.system().with(Net.class, new Asked(asked)))
                .build()) {
            for (String good :
                    new String[] {"ws://under_score/x", "WS://Under_Score:81", "ws://[::1]:82/", "ws://a.b:/"}) {
                assertThrows(ConnectException.class, () -> executor.blockOn(WebSocket.connect(URI.create(good))), good);
            }
        }
        assertEquals(List.of("under_score 80", "under_score 81", "::1 82", "a.b 80"), asked);
    }
}
