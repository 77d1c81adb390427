import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.io.Addresses;
import dev.latent.io.Io;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.IOException;

/** Sends back what it is sent, until Ctrl-C: ./latent run examples/TcpEcho.java --port 7000, then nc 127.0.0.1 7000 */
Future<Shutdown.Report> serve(int port) {
    return Shutdown.on(Signal.INT, Signal.TERM).within(ofSeconds(3)).run(stop -> { // owns every client: nothing outlives it
        try (var listener = await(TcpListener.bind("127.0.0.1", port))) {
            IO.println("listening on 127.0.0.1:" + listener.localAddress().getPort() + ", Ctrl-C ends");
            while (await(stop.untilAsked(listener.accept())) instanceof First(var client)) {
                stop.spawn("client " + Addresses.text(client.remoteAddress()), echo(client));
            }
        }
        IO.println("draining: no new connections, those that are open may finish");
    });
}

Future<Void> echo(TcpStream connection) {
    return async(() -> {
        try (connection) {
            await(Io.copy(connection, connection));
        } catch (IOException e) {
            IO.println(e.getMessage());
        }
    });
}

void main(String[] args) throws Exception {
    try {
        var report = Latent.blockOn(serve(port(args)));
        IO.println(report.isClean() ? "drained" : "drained: " + report);
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
    System.err.println("usage: TcpEcho [--port N], N from 0 to 65535");
    System.exit(2);
    return -1;
}
