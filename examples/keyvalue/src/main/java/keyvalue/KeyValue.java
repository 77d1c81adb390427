package keyvalue;

import static dev.latent.Async.await;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.io.TcpListener;
import dev.latent.runtime.Latent;
import java.io.IOException;

/** The program: {@code java -jar keyvalue.jar [--port N]}, until Ctrl-C. */
final class KeyValue {
    private KeyValue() {}

    static void main(String[] args) {
        try {
            System.out.println(Latent.blockOn(serve(port(args))));
        } catch (IllegalArgumentException e) {
            System.err.println("usage: keyvalue [--port N], N from 0 to 65535");
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Future<Shutdown.Report> serve(int port) {
        return Shutdown.on(Signal.INT, Signal.TERM).within(ofSeconds(5)).run(stop -> {
            try (var listener = await(TcpListener.bind("127.0.0.1", port))) {
                System.out.println(
                        "listening on 127.0.0.1:" + listener.localAddress().getPort() + ", Ctrl-C ends");
                await(new Server(Limits.DEFAULT).serve(listener, stop));
            }
        });
    }

    private static int port(String[] args) {
        if (args.length == 0) {
            return 7379;
        }
        if (args.length == 2
                && args[0].equals("--port")
                && args[1].matches("\\d{1,5}")
                && Integer.parseInt(args[1]) < 65_536) {
            return Integer.parseInt(args[1]);
        }
        throw new IllegalArgumentException();
    }
}
