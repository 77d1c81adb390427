package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.web.Broadcast;
import dev.latent.web.Compression;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebServer;
import dev.latent.web.WebServerBuilder;
import dev.latent.web.WebSocket;
import dev.latent.web.http.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A server, on one thread or on workers, until it is killed. To each line on its standard input it answers with the bytes that it has
 * allocated so far.
 */
public final class ServerBench {
    private static final String USAGE = """
            usage: ServerBench WORK --port N
              WORK           echo|echo-deflate|broadcast|hello|files
              --workers W    that many threads (default: one, without stealing)
              --folder F     whose files are served
            """;

    /** Messages that a member may be behind. */
    private static final int BEHIND = 64;

    private final WebServerBuilder server;

    private ServerBench(int port) {
        server = WebServer.at("127.0.0.1", port);
    }

    private boolean serves(String work, @Nullable Path folder) {
        switch (work) {
            case "echo" -> server.webSocket("/", ServerBench::echo);
            case "echo-deflate" -> server.webSocket("/", ServerBench::echo).compression(Compression.create());
            case "broadcast" -> {
                Broadcast all = Broadcast.dropOldest(BEHIND);
                server.webSocket("/", socket -> member(all, socket));
            }
            case "hello" -> server.get("/", _ -> Futures.ready(Response.text("Hello, World!")));
            case "files" -> {
                if (folder == null) {
                    return false;
                }
                server.files("/", folder);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (true) { // until receive throws WebSocketClosed, the ordinary end
                switch (await(socket.receive())) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    /** {@return the life of one who says to all what he says} */
    static Future<Void> member(Broadcast all, WebSocket socket) {
        return async(() -> {
            try (var _ = all.join(socket)) {
                while (true) {
                    if (await(socket.receive()) instanceof Message.Text(var text)) {
                        await(all.send(PreparedMessage.text(text)));
                    }
                }
            }
        });
    }

    private Future<Void> serve() {
        return async(() -> {
            try (var listening = await(server.bind())) {
                System.out.println("ready");
                await(listening.serve());
            }
        });
    }

    /**
     * Serves.
     *
     * @param args see the usage
     */
    public static void main(String[] args) throws Exception {
        int port = 0;
        int workers = 0;
        Path folder = null;
        try {
            for (int i = 1; i < args.length; i += 2) {
                switch (args[i]) {
                    case "--port" -> port = Integer.parseInt(args[i + 1]);
                    case "--workers" -> workers = Integer.parseInt(args[i + 1]);
                    case "--folder" -> folder = Path.of(args[i + 1]);
                    default -> usage();
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            usage();
        }
        ServerBench bench = new ServerBench(port);
        if (port == 0 || args.length == 0 || !bench.serves(args[0], folder)) {
            usage();
        }
        Thread.ofPlatform().daemon().name("answers").start(ServerBench::answer);
        if (workers == 0) {
            Latent.blockOn(bench.serve());
        } else {
            try (WorkStealingExecutor executor = WorkStealingExecutor.create(workers)) {
                executor.blockOn(bench.serve());
            }
        }
    }

    private static void usage() {
        System.err.print(USAGE);
        System.exit(2);
    }

    private static void answer() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                System.out.println("allocated " + Self.allocatedBytes());
            }
        } catch (IOException e) {
            System.err.println("nobody asks any more: " + e.getMessage());
        }
    }
}
