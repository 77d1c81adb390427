package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket echo server on one thread, until it is killed. To each line on its standard input it answers with the bytes that it has
 * allocated so far.
 */
public final class EchoServer {
    private EchoServer() {}

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

    private static Future<Void> serve(int port) {
        return async(() -> {
            try (var server = await(WebServer.at("127.0.0.1", port)
                    .webSocket("/", EchoServer::echo)
                    .bind())) {
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
            System.err.println("usage: EchoServer --port N");
            System.exit(2);
        }
        Thread.ofPlatform().daemon().name("answers").start(EchoServer::answer);
        Latent.blockOn(serve(Integer.parseInt(args[1])));
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
