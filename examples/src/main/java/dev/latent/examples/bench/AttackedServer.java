package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.web.Compression;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketLimits;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.world.FailureHandler;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server on two workers that is made to suffer, until it is killed. To each line on its standard input it answers with what is live in its heap, the connections and the files that it
 * has open, and the failures that were reported.
 */
public final class AttackedServer {
    private static final int MESSAGE = 64 * 1024;
    private static final int CONNECTIONS = 12_000;
    private static final long HELD = 16L << 20;
    private static final int NEWS_BYTES = 16 * 1024;
    private static final int BIG_PIECES = 1024;
    private static final byte[] PIECE = new byte[MESSAGE];
    private static final int WORKERS = 2;

    private static final AtomicLong REPORTED = new AtomicLong();
    private static volatile @Nullable WebServer running;

    private AttackedServer() {}

    private static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (true) {
                switch (await(socket.receive())) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    private static Future<Void> news(WebSocket socket, PreparedMessage news) {
        return async(() -> {
            while (true) {
                await(socket.send(news));
                await(sleep(Duration.ofMillis(50)));
            }
        });
    }

    private static Future<Response> upload(Request request) {
        return async(() -> {
            long bytes = 0;
            try (var pieces = request.body().stream()) {
                while (await(pieces.next()) instanceof Item(var piece)) {
                    bytes += piece.remaining();
                }
            }
            return Response.text(bytes + " bytes");
        });
    }

    private static Future<Response> big(Request request) {
        return async(() -> Response.stream(
                "application/octet-stream",
                AsyncStream.repeat(BIG_PIECES).take(BIG_PIECES).map(_ -> ByteBuffer.wrap(PIECE))));
    }

    private static Future<Response> hungry(Request request) {
        return async(() -> Response.text("" + new long[Integer.MAX_VALUE - 8].length));
    }

    private static Future<Void> serve(int port) {
        byte[] some = new byte[NEWS_BYTES];
        PreparedMessage news = PreparedMessage.binary(some);
        return async(() -> {
            try (var server = await(WebServer.at("127.0.0.1", port)
                    .webSocket("/echo", AttackedServer::echo)
                    .webSocket("/news", socket -> news(socket, news))
                    .get("/hello", request -> async(() -> Response.text("hello")))
                    .post("/upload", AttackedServer::upload)
                    .get("/big", AttackedServer::big)
                    .get("/hungry", AttackedServer::hungry)
                    .resources(
                            "/files",
                            name -> name.equals("a.txt")
                                    ? new ByteArrayInputStream("a".getBytes(StandardCharsets.UTF_8))
                                    : null)
                    .compression(Compression.create())
                    .limits(new WebSocketLimits(MESSAGE, MESSAGE, Attack.PATIENCE))
                    .requestTimeout(Attack.PATIENCE)
                    .maxConnections(CONNECTIONS)
                    .maxHeld(HELD)
                    .bind())) {
                running = server;
                System.out.println("ready");
                await(server.serve());
            }
        });
    }

    /**
     * Serves.
     *
     * @param args {@code --port N}
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--port") || !args[1].matches("\\d{1,5}")) {
            System.err.println("usage: AttackedServer --port N");
            System.exit(2);
        }
        Thread.ofPlatform().daemon().name("answers").start(AttackedServer::answer);
        FailureHandler counting = (where, failure) -> REPORTED.incrementAndGet();
        try (WorkStealingExecutor executor = WorkStealingExecutor.builder()
                .threads(WORKERS)
                .world(Latent.system().with(FailureHandler.class, counting))
                .build()) {
            executor.blockOn(serve(Integer.parseInt(args[1])));
        }
    }

    private static void answer() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                WebServer server = running;
                System.gc();
                Runtime now = Runtime.getRuntime();
                System.out.println("{\"live_kb\":" + (now.totalMemory() - now.freeMemory()) / 1024 + ",\"rss_kb\":"
                        + rssKb() + ",\"connections\":" + (server == null ? 0 : server.connections())
                        + ",\"files\":" + files() + ",\"reported\":" + REPORTED.get() + "}");
            }
        } catch (IOException e) {
            System.err.println("nobody asks any more: " + e.getMessage());
        }
    }

    /** {@return its memory; -1 where there is no file left to look with} */
    private static long rssKb() {
        try {
            return Self.rssKb();
        } catch (IOException e) {
            return -1;
        }
    }

    /** {@return the files it has open; -1 where there is none left to look with} */
    private static long files() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
