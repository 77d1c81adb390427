package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Line;
import dev.latent.fuzz.Machine;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.web.internal.HttpCodec;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a server, and a proxy before it, may answer to a client's handshake, and what it sends then. However it is cut, the client takes or refuses the same; and it takes none but one
 * that names, by a status 101, the key's answer.
 */
public final class HandshakeFuzz {
    /** Of a nonce of zeros, as the machine's entropy gives it. */
    private static final String ACCEPT = HttpCodec.accept("AAAAAAAAAAAAAAAAAAAAAA==");

    private HandshakeFuzz() {}

    private static final class Answered implements Net {
        Line line = new Line(List.of(), true);

        @Override
        public Future<TcpListener> bind(SocketAddress address) {
            return Futures.failed(new ConnectException("no listeners"));
        }

        @Override
        public Future<TcpStream> connect(SocketAddress address) {
            return Futures.ready(line);
        }
    }

    private static final Compression COMPRESSION = Compression.create();
    private static final Answered NET = new Answered();
    private static final Machine MACHINE = new Machine(world -> world.with(Net.class, NET));

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        String good = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + ACCEPT + "\r\n";
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            good + "\r\n\u0081\u0005hello\u0088\u0002\u0003\u00e8",
            good
                    + "Sec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n"
                    + "\u00c1\u0007\u00f2\u0048\u00cd\u00c9\u00c9\u0007\0",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + good + "\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n" + good + "\r\n",
        }) {
            seeds.add(Cuts.seed(text));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        byte[] bytes = Cuts.rest(input);
        boolean proxied = input.length > 0 && input[0] < 0;
        String whole = talk(Cuts.whole(bytes), proxied);
        Cuts.same(whole, talk(Cuts.pieces(input, bytes), proxied), "a handshake, by a proxy " + proxied);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (whole.startsWith("open") && !(text.contains(ACCEPT) && text.contains(" 101"))) {
            throw new AssertionError("opened by " + text);
        }
    }

    private static String talk(List<byte[]> pieces, boolean proxied) throws Exception {
        NET.line = new Line(pieces, true);
        WebSocketClient client = WebSocketClient.to(URI.create("ws://192.0.2.1/"))
                .subprotocols("a", "b")
                .compression(COMPRESSION);
        if (proxied) {
            client.proxy("192.0.2.2", 3128);
        }
        StringBuilder log = new StringBuilder();
        MACHINE.run(async(() -> {
            try (WebSocket socket = await(client.connect())) {
                log.append("open ").append(socket.subprotocol());
                while (true) {
                    log.append(
                            switch (await(socket.receive())) {
                                case Message.Text(var text) -> " text " + text;
                                case Message.Binary(var some) ->
                                    " binary " + HexFormat.of().formatHex(some);
                            });
                }
            } catch (WebSocketRefused e) {
                log.append(" refused ").append(e.status());
            } catch (WebSocketClosed e) {
                log.append(" closed ").append(e.code());
            } catch (EOFException e) {
                log.append(" left");
            }
        }));
        return log.append("; ")
                .append(HexFormat.of().formatHex(NET.line.told()))
                .toString();
    }
}
