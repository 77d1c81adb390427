package nodes;

import dev.latent.cli.TemporaryFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/** Real servers for the tests. */
final class Servers {
    private Servers() {}

    /** One that runs, at {@code url}. */
    interface Running extends AutoCloseable {
        String url();

        @Override
        void close() throws IOException;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    static Running kafka() throws IOException {
        KafkaBroker broker = KafkaBroker.start(0);
        return running("kafka://" + broker.address(), broker::close);
    }

    static Running redis(int port) throws IOException {
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        return running("redis://127.0.0.1:" + port, server::stop);
    }

    /** {@return the server's program; null where there is none: {@code tools/install-buses} gets it} */
    static @Nullable Path natsProgram() {
        return Stream.concat(
                        Stream.of(Path.of("target/buses/nats-server")),
                        Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "nats-server")))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    static Running nats(Path program) throws IOException {
        int port = freePort();
        TemporaryFolder folder = TemporaryFolder.of("latent-nats");
        Process process = new ProcessBuilder(
                        program.toAbsolutePath().toString(),
                        "-js",
                        "-a",
                        "127.0.0.1",
                        "-p",
                        "" + port,
                        "-sd",
                        folder.path().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitPort(port, process);
        return running("nats://127.0.0.1:" + port, () -> {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            folder.close();
        });
    }

    private static void awaitPort(int port, Process process) throws IOException {
        for (int i = 0; i < 100; i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                try {
                    if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                        throw new IOException("the server has ended with " + process.exitValue(), e);
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        throw new IOException("no server at port " + port);
    }

    private interface End {
        void run() throws IOException;
    }

    private static Running running(String url, End end) {
        return new Running() {
            @Override
            public String url() {
                return url;
            }

            @Override
            public void close() throws IOException {
                end.run();
            }
        };
    }

    /** {@return of which there are servers here} */
    static List<String> all() {
        return natsProgram() == null ? List.of("kafka", "redis") : List.of("kafka", "redis", "nats");
    }

    static Running start(String kind) throws IOException {
        return switch (kind) {
            case "kafka" -> kafka();
            case "redis" -> redis(freePort());
            default -> nats(java.util.Objects.requireNonNull(natsProgram()));
        };
    }
}
