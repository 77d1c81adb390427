package dev.latent.cli.lab.program;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Scope;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A service that lets its clients wait: it is told for how many milliseconds, in two bytes, and answers with one. On one thread, until it is killed. */
public final class WaitService {
    private WaitService() {}

    private static Future<Void> answer(TcpStream client) {
        return async(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(2);
            try (client) {
                while (true) {
                    while (bytes.hasRemaining()) {
                        if (await(client.read(bytes)) < 0) {
                            return;
                        }
                    }
                    await(sleep(Duration.ofMillis(bytes.flip().getShort())));
                    await(client.write(bytes.clear().limit(1)));
                    bytes.clear();
                }
            } catch (IOException e) {
                // gone while it waited
            }
        });
    }

    private static Future<Void> listen(TcpListener listener) {
        return scopeDo(Scope.OnFailure.REPORT, clients -> {
            while (true) {
                clients.spawn(answer(await(listener.accept())));
            }
        });
    }

    private static Future<Void> serve(int addresses) {
        return scopeDo(listeners -> {
            TcpListener first = await(TcpListener.bind("127.0.0.1", 0));
            int port = first.localAddress().getPort();
            listeners.spawn(listen(first));
            for (int i = 2; i <= addresses; i++) {
                listeners.spawn(listen(await(TcpListener.bind("127.0.0." + i, port))));
            }
            System.out.println("ready " + port);
        });
    }

    /**
     * Serves, and prints its port.
     *
     * @param args at how many addresses, from 127.0.0.1 on
     */
    public static void main(String[] args) throws Exception {
        Latent.blockOn(serve(Integer.parseInt(args[0])));
    }
}
