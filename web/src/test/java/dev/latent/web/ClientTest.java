package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says, and what it makes of answers, byte by byte. */
class ClientTest {
    private static final Pattern KEY = Pattern.compile("sec-websocket-key: (\\S+)\r\n", Pattern.CASE_INSENSITIVE);

    /** {@return what came up to an empty line} */
    private static Future<String> head(TcpStream peer) {
        return async(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(4096);
            String text = "";
            while (!text.endsWith("\r\n\r\n")) {
                assertTrue(await(peer.read(bytes)) >= 0, text);
                text = new String(bytes.array(), 0, bytes.position(), ISO_8859_1);
            }
            return text;
        });
    }

    private static Future<Void> say(TcpStream peer, String text) {
        return peer.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
    }

    private static String accept(String request, String more) {
        Matcher key = KEY.matcher(request);
        assertTrue(key.find(), request);
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + dev.latent.web.internal.HttpCodec.accept(key.group(1)) + "\r\n" + more + "\r\n";
    }

    private interface Attempt {
        WebSocketClient at(int port);
    }

    /** Connects to a server that is {@code server}. */
    private static Outcome<WebSocket> connect(Attempt client, AsyncConsumer<TcpStream> server) throws Exception {
        return Latent.blockOn(async(() -> {
            try (TcpListener listener = await(TcpListener.bind("127.0.0.1", 0));
                    var _ = spawn(async(() -> {
                        try (TcpStream peer = await(listener.accept())) {
                            await(async(() -> server.accept(peer)));
                            await(peer.readable());
                        }
                    }))) {
                Outcome<WebSocket> outcome = await(
                        settle(client.at(listener.localAddress().getPort()).connect()));
                if (outcome instanceof Outcome.Ok<WebSocket>(var socket)) {
                    socket.close();
                }
                return outcome;
            }
        }));
    }

    private static <T extends Throwable> T failure(Class<T> type, Outcome<?> outcome) {
        return assertInstanceOf(
                type, assertInstanceOf(Outcome.Failed.class, outcome).cause());
    }

    private static URI uri(int port) {
        return URI.create("ws://127.0.0.1:" + port + "/feed?a=b");
    }

    @Test
    void saysWhatItWasToldToAndHearsWhatWasChosen() throws Exception {
        var request = new CompletableFuture<String>();
        Outcome<WebSocket> outcome = connect(
                port -> WebSocketClient.to(uri(port))
                        .header("Authorization", "Bearer abc")
                        .header("X-Two", "1")
                        .header("X-Two", "2")
                        .subprotocols("v2", "v1"),
                peer -> {
                    String said = await(head(peer));
                    request.complete(said);
                    await(say(peer, accept(said, "Sec-WebSocket-Protocol: v1\r\n")));
                });
        assertEquals(
                "v1",
                assertInstanceOf(WebSocket.class, ((Outcome.Ok<WebSocket>) outcome).value())
                        .subprotocol());
        String said = request.join();
        assertTrue(said.startsWith("GET /feed?a=b HTTP/1.1\r\n"), said);
        assertTrue(said.contains("\r\nAuthorization: Bearer abc\r\n"), said);
        assertTrue(said.contains("\r\nX-Two: 1\r\nX-Two: 2\r\n"), said);
        assertTrue(said.contains("\r\nsec-websocket-protocol: v2, v1\r\n"), said);
    }

    @Test
    void noSubprotocolIsNone() throws Exception {
        Outcome<WebSocket> outcome =
                connect(port -> WebSocketClient.to(uri(port)).subprotocols("v1"), peer -> {
                    String request = await(head(peer));
                    await(say(peer, accept(request, "")));
                });
        assertNull(((Outcome.Ok<WebSocket>) outcome).value().subprotocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v3", "v1, v2", "V1"})
    void aSubprotocolThatWasNotOfferedIsRefused(String chosen) throws Exception {
        failure(
                WebSocketRefused.class,
                connect(port -> WebSocketClient.to(uri(port)).subprotocols("v1", "v2"), peer -> {
                    String request = await(head(peer));
                    await(say(peer, accept(request, "Sec-WebSocket-Protocol: " + chosen + "\r\n")));
                }));
    }

    @Test
    void interimAnswersAreNotTheAnswer() throws Exception {
        Outcome<WebSocket> outcome = connect(port -> WebSocketClient.to(uri(port)), peer -> {
            String request = await(head(peer));
            await(say(
                    peer,
                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                            + accept(request, "")));
        });
        assertInstanceOf(Outcome.Ok.class, outcome);
    }

    /** Nothing else opens a WebSocket, however it is read as a number. */
    @ParameterizedTest
    @ValueSource(strings = {"+101", "-101", "0101", "101x", "1 01", "\u0661\u0660\u0661"})
    void aStatusIsThreeDigits(String status) throws Exception {
        failure(IOException.class, connect(port -> WebSocketClient.to(uri(port)), peer -> {
            String request = await(head(peer));
            await(say(peer, accept(request, "").replace(" 101 ", " " + status + " ")));
        }));
    }

    @Test
    void endlessInterimAnswersAreRefused() throws Exception {
        failure(WebSocketRefused.class, connect(port -> WebSocketClient.to(uri(port)), peer -> {
            await(head(peer));
            await(say(peer, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)));
        }));
    }

    @Test
    void aServerThatNeverEndsItsHeadIsGivenUpInTime() throws Exception {
        var e = failure(
                SocketTimeoutException.class,
                connect(port -> WebSocketClient.to(uri(port)).timeout(Duration.ofMillis(200)), peer -> {
                    await(head(peer));
                    await(say(peer, "HTTP/1.1 101 Switching Protocols\r\nX: "));
                    await(peer.readable());
                }));
        assertTrue(e.getMessage().endsWith("has opened no WebSocket within 200 ms"), e.getMessage());
    }

    @Test
    void aProxyIsAskedForATunnel() throws Exception {
        var asked = new CompletableFuture<String>();
        Outcome<WebSocket> outcome =
                connect(port -> WebSocketClient.to(URI.create("ws://my_host/x")).proxy("127.0.0.1", port), peer -> {
                    asked.complete(await(head(peer)));
                    await(say(peer, "HTTP/1.1 200 Connection established\r\n\r\n"));
                    String request = await(head(peer));
                    assertTrue(request.startsWith("GET /x HTTP/1.1\r\n"), request);
                    await(say(peer, accept(request, "")));
                });
        assertInstanceOf(Outcome.Ok.class, outcome);
        assertTrue(asked.join().startsWith("CONNECT my_host:80 HTTP/1.1\r\nhost: my_host:80\r\n"), asked.join());
    }

    @Test
    void aProxyThatRefusesIsTold() throws Exception {
        var e = failure(
                WebSocketRefused.class,
                connect(port -> WebSocketClient.to(URI.create("ws://my_host/x")).proxy("127.0.0.1", port), peer -> {
                    await(head(peer));
                    await(say(peer, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
                }));
        assertEquals(407, e.status());
        assertTrue(e.getMessage().startsWith("the proxy 127.0.0.1:"), e.getMessage());
    }

    @Test
    void whatCannotBeSaidIsRefusedAtOnce() {
        WebSocketClient client = WebSocketClient.to(URI.create("ws://localhost"));
        for (String own : new String[] {"Host", "Upgrade", "connection", "Sec-WebSocket-Key", "Transfer-Encoding"}) {
            assertThrows(IllegalArgumentException.class, () -> client.header(own, "x"), own);
        }
        assertThrows(IllegalArgumentException.class, () -> client.header("X-Split", "a\r\nY: b"));
        assertThrows(IllegalArgumentException.class, () -> client.header("no name", "a"));
        assertThrows(IllegalArgumentException.class, () -> client.subprotocols("a", "a"));
        assertThrows(IllegalArgumentException.class, () -> client.subprotocols("a b"));
        assertThrows(IllegalArgumentException.class, () -> client.subprotocols(""));
        assertThrows(IllegalArgumentException.class, () -> client.timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> client.proxy("", 80));
        assertThrows(IllegalArgumentException.class, () -> client.proxy("a", 70_000));
        assertThrows(IllegalArgumentException.class, () -> WebSocketClient.to(URI.create("http://localhost")));
        var e = assertThrows(IllegalArgumentException.class, () -> WebSocketClient.to(URI.create("wss://localhost")));
        assertTrue(e.getMessage().contains("TLS"), e.getMessage());
    }
}
