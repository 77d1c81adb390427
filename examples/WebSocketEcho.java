import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import java.io.IOException;

/** Sends every message back, until Ctrl-C: ./latent run examples/WebSocketEcho.java --port 7001 */
Future<Void> echo(WebSocket socket) {
    return async(() -> {
        while (true) { // until receive throws WebSocketClosed, the ordinary end
            switch (await(socket.receive())) {
                case Message.Text(var text) -> await(socket.send(text));
                case Message.Binary(var bytes) -> await(socket.send(bytes));
            }
        }
    });
}

Future<Shutdown.Report> serve(int port) {
    return Shutdown.on(Signal.INT, Signal.TERM).run(stop -> {
        try (var server = await(WebServer.at("127.0.0.1", port).webSocket("/", this::echo).bind())) {
            var address = server.localAddress();
            IO.println("listening on ws://127.0.0.1:" + address.getPort() + "/, Ctrl-C ends");
            await(join(server.serve(), drain(server, stop)));
        }
    });
}

Future<Void> drain(WebServer server, Shutdown stop) {
    return async(() -> {
        await(stop.asked());
        IO.println("draining: saying goodbye to " + server.connections() + " connections");
        await(server.drain(ofSeconds(3)));
        IO.println("drained");
    });
}

void main(String[] args) throws Exception {
    try {
        Latent.blockOn(serve(port(args)));
    } catch (IOException e) {
        System.err.println(e.getMessage());
        System.exit(1);
    }
}

int port(String[] args) {
    if (args.length == 0) {
        return 0; // picks a free one
    }
    if (args.length == 2 && args[0].equals("--port") && args[1].matches("\\d{1,5}") && Integer.parseInt(args[1]) < 65_536) {
        return Integer.parseInt(args[1]);
    }
    System.err.println("usage: WebSocketEcho [--port N], N from 0 to 65535");
    System.exit(2);
    return -1;
}
