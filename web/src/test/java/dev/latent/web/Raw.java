package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server, and peers that write bytes as they like. */
final class Raw {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final Duration LONG = Duration.ofSeconds(20);

    private Raw() {}

    /** {@return a handshake's request but for the empty line that ends it} */
    static String upgrade(String host) {
        return "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n";
    }

    static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (true) {
                switch (await(socket.receive())) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    /** Runs {@code body} beside a server, of which nothing is left; {@return what was reported} */
    static List<String> with(World world, WebServerBuilder builder, AsyncConsumer<WebServer> body) throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(world.with(FailureHandler.class, (where, failure) -> reported.add(where + ": " + failure)))
                .build()) {
            executor.blockOn(timeout(LONG, async(() -> {
                try (var server = await(builder.bind())) {
                    try (var _ = spawn(server.serve())) {
                        await(async(() -> body.accept(server)));
                        await(untilOnly(server, 0));
                    }
                }
            })));
            executor.runUntilStalled();
            assertEquals(0, executor.liveTasks());
        }
        return reported;
    }

    static Future<Void> untilOnly(WebServer server, int connections) {
        return async(() -> {
            while (server.connections() != connections) {
                await(sleep(Duration.ofMillis(1)));
            }
        });
    }

    static Future<TcpStream> open(WebServer server, String head, byte[]... more) {
        return async(() -> {
            var stream =
                    await(TcpStream.connect("127.0.0.1", server.localAddress().getPort()));
            await(stream.write(ByteBuffer.wrap(Bytes.concat(head.getBytes(ISO_8859_1), Bytes.concat(more)))));
            return stream;
        });
    }

    /** {@return a connection whose handshake is done} */
    static Future<TcpStream> upgraded(WebServer server, byte[]... frames) {
        return async(() -> {
            var stream = await(open(server, upgrade("localhost") + "\r\n", frames));
            String head = await(head(stream));
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            return stream;
        });
    }

    /** {@return all up to the empty line, or to the end} */
    static Future<String> head(TcpStream stream) {
        return async(() -> {
            var head = new StringBuilder();
            var one = ByteBuffer.allocate(1);
            while (head.indexOf("\r\n\r\n") < 0 && await(stream.read(one.clear())) > 0) {
                head.append((char) one.get(0));
            }
            return head.toString();
        });
    }

    /** {@return the status that one request on a new connection is answered with} */
    static Future<String> status(WebServer server, String request) {
        return async(() -> {
            try (var stream = await(open(server, request))) {
                String head = await(head(stream));
                return head.startsWith("HTTP/1.1 ") ? head.substring(9, 12) : "no answer: " + head;
            }
        });
    }

    /** {@return all that comes until the server closes} */
    static Future<byte[]> rest(TcpStream stream) {
        return async(() -> {
            var all = new ByteArrayOutputStream();
            var piece = ByteBuffer.allocate(70_000);
            while (await(stream.read(piece.clear())) >= 0) {
                all.write(piece.array(), 0, piece.position());
            }
            return all.toByteArray();
        });
    }
}
