import static dev.latent.Async.*;
import static dev.latent.Futures.observe;
import static java.time.Duration.ofSeconds;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.io.Io;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends back what it is sent, until Ctrl-C: ./latent run examples/TcpEcho.java --port 7000, then nc 127.0.0.1 7000 */
Future<Void> serve(int port, CompletionStage<Void> stop) {
    return scopeDo(Scope.OnFailure.REPORT, clients -> { // owns every client: nothing outlives it
        try (var listener = await(TcpListener.bind("127.0.0.1", port))) {
            IO.println("listening on 127.0.0.1:" + listener.localAddress().getPort() + ", Ctrl-C ends");
            await(select(accept(listener, clients), observe(stop)));
        }
        IO.println("draining: no new connections, those that are open may finish");
    });
}

Future<Void> accept(TcpListener listener, Scope clients) {
    return async(() -> {
        while (true) {
            clients.spawn(echo(await(listener.accept())));
        }
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

Future<Void> patience(CompletionStage<Void> stop) {
    return async(() -> {
        await(observe(stop));
        await(sleep(ofSeconds(3)));
    });
}

void main(String[] args) throws Exception {
    int port = port(args);
    var stop = new CompletableFuture<Void>();
    var stopped = new CompletableFuture<Void>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        stop.complete(null);
        stopped.join();
    }));
    try {
        switch (Latent.blockOn(select(serve(port, stop), patience(stop)))) {
            case First(_) -> IO.println("drained");
            case Second(_) -> IO.println("drained: the connections that would not end were closed");
        }
    } catch (IOException e) {
        stopped.complete(null);
        System.err.println(e.getMessage());
        System.exit(1);
    } finally {
        stopped.complete(null);
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
