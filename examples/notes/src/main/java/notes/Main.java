package notes;

import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import dev.latent.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The program: {@code java -jar notes.jar [--port N] [--db FILE] [--quiet]}, until Ctrl-C; {@code java -jar notes.jar --load} measures it. */
final class Main {
    static final int CONNECTIONS = 8;

    /** So long a balancer that looks at {@code /ready} has to notice; all are still served. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(8);

    private Main() {}

    static void main(String[] args) throws Exception {
        int port = 8080;
        String db = "jdbc:h2:mem:notes;DB_CLOSE_DELAY=-1";
        Consumer<String> log = System.out::println;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--port" -> port = port(args, ++i);
                case "--db" ->
                    db = i + 1 == args.length
                            ? usage()
                            : "jdbc:h2:" + Path.of(args[++i]).toAbsolutePath();
                case "--quiet" -> log = _ -> {};
                case "--load" -> {
                    Latent.blockOn(Load.run(50, 20_000));
                    return;
                }
                default -> usage();
            }
        }
        try {
            System.out.println(Latent.blockOn(run(db, port, log)));
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static int port(String[] args, int at) {
        boolean isPort = at < args.length && args[at].matches("\\d{1,5}") && Integer.parseInt(args[at]) < 65_536;
        return isPort ? Integer.parseInt(args[at]) : usage().length();
    }

    private static String usage() {
        System.err.println("usage: notes [--port N] [--db FILE] [--quiet] | --load");
        System.exit(2);
        return "";
    }

    private static Future<Shutdown.Report> run(String db, int port, Consumer<String> log) {
        return Shutdown.on(Signal.INT, Signal.TERM)
                .within(Duration.ofSeconds(10))
                .run(stop -> {
                    try (var store = await(JdbcStore.open(db, CONNECTIONS));
                            var server = await(WebServer.at("127.0.0.1", port)
                                    .mount("", new Service(store, stop).routes(log))
                                    .errors(Service.ERRORS)
                                    .bind())) {
                        System.out.println(
                                "http://127.0.0.1:" + server.localAddress().getPort() + "/notes, Ctrl-C ends");
                        await(server.serveUntil(stop, NOTICE, DRAIN));
                    }
                });
    }
}
