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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
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

    /** The system's Redis, or that of a jar. */
    static Running redis(int port) throws IOException {
        Path program = program("redis-server");
        if (program != null) {
            return run(
                    "redis://127.0.0.1:" + port,
                    port,
                    TemporaryFolder.of("latent-redis"),
                    folder -> List.of(
                            program.toAbsolutePath().toString(),
                            "--port",
                            "" + port,
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--dir",
                            folder.toString()));
        }
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        return running("redis://127.0.0.1:" + port, server::stop);
    }

    /** {@return a server's program; null where there is none: {@code tools/install-buses} gets it} */
    private static @Nullable Path program(String name) {
        return Stream.concat(
                        Stream.of(Path.of("target/buses", name)),
                        Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static Running nats() throws IOException {
        Path program = Objects.requireNonNull(program("nats-server"));
        int port = freePort();
        return run(
                "nats://127.0.0.1:" + port,
                port,
                TemporaryFolder.of("latent-nats"),
                folder -> List.of(
                        program.toAbsolutePath().toString(),
                        "-js",
                        "-a",
                        "127.0.0.1",
                        "-p",
                        "" + port,
                        "-sd",
                        folder.toString()));
    }

    private static Running run(String url, int port, TemporaryFolder folder, Function<Path, List<String>> command)
            throws IOException {
        Process process = new ProcessBuilder(command.apply(folder.path()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitPort(port, process);
        return running(url, () -> {
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
    private static List<String> all() {
        return program("nats-server") == null ? List.of("kafka", "redis") : List.of("kafka", "redis", "nats");
    }

    /** Of {@code kind}; where there is none of it the test is skipped, but not in continuous integration. */
    static Running start(String kind) throws IOException {
        if (!all().contains(kind)) {
            String why = "no nats-server here: tools/install-buses gets it, or apt install nats-server";
            if (System.getenv("CI") != null) {
                throw new IllegalStateException(why);
            }
            System.err.println("skipped: " + why);
            Assumptions.abort(why);
        }
        return switch (kind) {
            case "kafka" -> kafka();
            case "redis" -> redis(freePort());
            default -> nats();
        };
    }
}
