package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Timed;
import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Line;
import dev.latent.fuzz.Machine;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.web.http.Handler;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Response;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A whole connection of a server, from its first byte to its end: requests with bodies, sent ahead, WebSockets. However the bytes are cut, its handler sees the same requests
 * and the client is told the same; and each request is one that {@link StrictReader} reads there too, so that nobody who stands before the server can be fooled about where one ends.
 */
public final class ServerFuzz {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** Stands for a request whose body was not taken. */
    private static final String TOO_LARGE = "too large";

    private static final Machine MACHINE = new Machine(world -> world);

    private static final List<String> SEEN = new ArrayList<>();
    private static final long HELD = 1 << 20;
    private static final WebServer SERVER = new WebServer(
            new Nowhere(),
            new WebServerBuilder("h", 0)
                    .use(ServerFuzz::around)
                    .webSocket("/ws", ServerFuzz::echo)
                    .compression(Compression.create())
                    .limits(new WebSocketLimits(1000, 1000, 10, MOMENT))
                    .maxHead(600)
                    .maxBody(1000)
                    .maxHeld(HELD)
                    .config());

    private ServerFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        String upgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n"
                    + "HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n",
            "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "GET http://h/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\nHost: h\n\n",
            "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
            upgrade + "\r\n\u0081\u0085\u0037\u00fa\u0021\u003d\u007f\u009f\u004d\u0051\u0058\u0088\u0080\0\0\0\0",
            upgrade + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nOrigin: http://h\r\n\r\n"
                    + "\u00c1\u0087\0\0\0\0\u00f2\u0048\u00cd\u00c9\u00c9\u0007\0",
        }) {
            seeds.add(Cuts.seed(text));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        byte[] bytes = Cuts.rest(input);
        String told = serve(Cuts.whole(bytes));
        List<String> seen = List.copyOf(SEEN);
        Cuts.same(told, serve(Cuts.pieces(input, bytes)), "told");
        Cuts.same(seen, SEEN, "seen");
        List<String> strict = StrictReader.requests(bytes);
        for (int i = 0; i < seen.size(); i++) {
            if (!seen.get(i).equals(TOO_LARGE)) {
                Cuts.same(i < strict.size() ? strict.get(i) : "nothing", seen.get(i), "by the letter");
            }
        }
    }

    private static Handler around(Handler next) {
        return request -> async(() -> {
            boolean isSocket = request.path().equals("/ws") && request.body().length() == 0;
            try {
                byte[] body = isSocket ? new byte[0] : await(request.body().bytes());
                SEEN.add(request.method() + " " + request.version() + "\n" + request.headers() + "\n"
                        + HexFormat.of().formatHex(body));
            } catch (HttpException e) {
                if (e.status() == 413) {
                    SEEN.add(TOO_LARGE);
                }
                throw e;
            }
            Response response = isSocket ? await(next.handle(request)) : Response.text(request.path());
            return response;
        });
    }

    private static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (await(withTimeout(MOMENT, socket.receive())) instanceof Timed.InTime<Message>(var message)) {
                switch (message) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    /** {@return what the client was told; what the handler saw stands in {@link #SEEN}} */
    private static String serve(List<byte[]> pieces) throws Exception {
        SEEN.clear();
        Line line = new Line(pieces, false);
        ServerConnection connection = new ServerConnection(SERVER, line);
        SERVER.connections.add(connection);
        MACHINE.run(ServerConnection.run(connection));
        if (!line.isClosed()
                || SERVER.connections() != 0
                || SERVER.config().budget().left() != HELD) {
            throw new AssertionError(
                    "something is left: " + SERVER.config().budget().left());
        }
        return new String(line.told(), StandardCharsets.ISO_8859_1).replaceAll("\r\ndate: [^\r]*", "");
    }

    private static final class Nowhere implements TcpListener {
        @Override
        public Future<TcpStream> accept() {
            return Futures.pending();
        }

        @Override
        public InetSocketAddress localAddress() {
            return new InetSocketAddress(0);
        }

        @Override
        public Future<Void> closeAsync() {
            return Futures.done();
        }

        @Override
        public void close() {}
    }
}
