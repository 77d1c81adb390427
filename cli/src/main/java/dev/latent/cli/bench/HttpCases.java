package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Servers.Running;
import dev.latent.cli.bench.Servers.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What wrk asks of HTTP servers: a short text, on connections that are kept, and a file. */
final class HttpCases {
    private static final String HTTP = "http";
    private static final String FILE = "file";
    private static final String HELLO = "Hello, World!";
    private static final String FOLDER = "bench/target/web";
    private static final String NAME = "100kB.bin";
    private static final int FILE_BYTES = 100_000;

    /** Requests that a pipelining client has under way on a connection. */
    private static final int AHEAD = 16;

    private static final Map<String, Aim> HELLO_AIMS = Map.of("hyper", Aim.atLeast(0.9), "netty-nio", Aim.atLeast(1.1));
    private static final Map<String, Aim> FILE_AIMS = Map.of("nginx", Aim.atLeast(0.7));

    private HttpCases() {}

    static List<Case> http(Plan plan) {
        List<Case> all = new ArrayList<>();
        for (Flavor flavor : plan.either(new Flavor[] {Flavor.CURRENT}, Flavor.values())) {
            String title = "hello, " + flavor.shown;
            List<Ask> asks = List.of(
                    new Ask("/", HELLO, 1, Rows.of(HTTP, title, HELLO_AIMS)),
                    new Ask("/", HELLO, AHEAD, Rows.of(HTTP, title + ", " + AHEAD + " ahead", Map.of())));
            all.add(asked(plan, HTTP, title, asks, Servers.hello(plan, flavor)));
        }
        if (!plan.quick()) {
            all.add(SystemCalls.ofRequests(HTTP, "hello, one thread", "/", Servers.hello(plan, Flavor.CURRENT)));
        }
        return all;
    }

    static List<Case> file(Plan plan) {
        String title = "100 kB, one thread";
        List<Server> servers = Servers.files(plan, FOLDER).stream()
                .map(server -> server.with(Part.random(FOLDER + "/" + NAME, FILE_BYTES)))
                .toList();
        List<Ask> asks = List.of(new Ask("/" + NAME, null, 1, Rows.of(FILE, title, FILE_AIMS)));
        List<Case> all = new ArrayList<>(List.of(asked(plan, FILE, title, asks, servers)));
        if (!plan.quick()) {
            all.add(SystemCalls.ofRequests(FILE, title, "/" + NAME, servers));
        }
        return all;
    }

    /**
     * What is asked for.
     *
     * @param text its body, null for that of the file
     */
    private record Ask(String path, @Nullable String text, int ahead, Rows rows) {
        byte[] answer(Plan plan) throws IOException {
            return text != null
                    ? text.getBytes(StandardCharsets.US_ASCII)
                    : Files.readAllBytes(plan.root().resolve(FOLDER + path));
        }
    }

    private record Rows(Row perCpu, Row speed, Row bytes) {
        static Rows of(String benchmark, String title, Map<String, Aim> aims) {
            return new Rows(
                    Row.higher(benchmark, title, "thousand/CPU s").aims(aims),
                    Row.higher(benchmark, title + ", speed", "thousand/s"),
                    Row.lower(benchmark, title + ", allocated", "B each"));
        }

        List<Row> all() {
            return List.of(perCpu, speed, bytes);
        }
    }

    private static Case asked(Plan plan, String benchmark, String title, List<Ask> asks, List<Server> servers) {
        List<Subject> subjects = new ArrayList<>();
        for (Server server : servers) {
            int warmup = server.isJvm() ? plan.either(10, 15) : 1;
            subjects.add(new Asked(plan, server, asks, warmup, plan.either(2, 5)));
        }
        List<Row> rows = asks.stream().flatMap(ask -> ask.rows.all().stream()).toList();
        return new Case(benchmark, title, rows, subjects);
    }

    /**
     * A server that is asked for one thing after the other.
     *
     * @param warmup seconds before the first one is measured; a JVM has compiled then what matters
     */
    private record Asked(Plan plan, Server server, List<Ask> asks, int warmup, int seconds) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Wrk.command(port, asks.getFirst().path, seconds, 1);
        }

        @Override
        public List<String> commands() {
            List<String> commands = new ArrayList<>(List.of(server.shown()));
            asks.forEach(
                    ask -> commands.add(Plan.shown(Wrk.command(Servers.SHOWN_PORT, ask.path, seconds, ask.ahead))));
            return commands;
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            List<Value> values = new ArrayList<>();
            try (Running running = server.start(children)) {
                for (Ask ask : asks) {
                    check(ask, running.port());
                    int before = ask == asks.getFirst() ? warmup : seconds;
                    Wrk.ran(children.run(Wrk.command(running.port(), ask.path, before, ask.ahead)));
                    measure(ask, running, children, values);
                }
            }
            return values;
        }

        private void measure(Ask ask, Running running, Children children, List<Value> values)
                throws Failure, InterruptedException {
            double cpu = running.cpuSeconds();
            long bytes = server.isJvm() ? running.allocated() : 0;
            Wrk.Ran ran = Wrk.ran(children.run(Wrk.command(running.port(), ask.path, seconds, ask.ahead)));
            double spent = running.cpuSeconds() - cpu;
            if (spent == 0) {
                throw new Failure("took no time for " + ran.requests() + " requests");
            }
            values.add(new Value(ask.rows.perCpu, name(), ran.requests() / spent / 1_000));
            values.add(new Value(ask.rows.speed, name(), ran.perSecond() / 1_000));
            if (server.isJvm()) {
                double allocated = running.allocated() - bytes;
                values.add(new Value(ask.rows.bytes, name(), allocated / ran.requests()));
            }
        }

        /** Looks at one answer, since wrk does not. */
        private void check(Ask ask, int port) throws Failure, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + ask.path))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != 200 || !Arrays.equals(response.body(), ask.answer(plan))) {
                    throw new Failure("answers " + response.statusCode() + " with " + response.body().length
                            + " bytes, which are not those that were asked for");
                }
            } catch (IOException e) {
                throw new Failure("does not answer: " + e.getMessage());
            }
        }
    }
}
