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

    /** Seconds until a JVM has compiled what matters. */
    private static final int WARMUP = 5;

    private static final Map<String, Aim> HELLO_AIMS = Map.of("hyper", Aim.atLeast(0.9), "netty-nio", Aim.atLeast(1.1));
    private static final Map<String, Aim> FILE_AIMS = Map.of("nginx", Aim.atLeast(0.7));

    private HttpCases() {}

    static List<Case> http(Plan plan) {
        List<Case> all = new ArrayList<>();
        all.add(hello(plan, Flavor.CURRENT, 1));
        all.add(hello(plan, Flavor.CURRENT, AHEAD));
        if (!plan.quick()) {
            all.add(hello(plan, Flavor.MULTI, 1));
        }
        all.add(SystemCalls.ofRequests(plan, HTTP, "hello, one thread", "/", Servers.hello(plan, Flavor.CURRENT)));
        return all;
    }

    private static Case hello(Plan plan, Flavor flavor, int ahead) {
        String title = "hello, " + flavor.shown + (ahead > 1 ? ", %d ahead".formatted(ahead) : "");
        return asked(
                plan,
                Rows.of(HTTP, title, ahead > 1 ? Map.of() : HELLO_AIMS),
                new Ask("/", HELLO, ahead),
                Servers.hello(plan, flavor));
    }

    static List<Case> file(Plan plan) {
        Ask ask = new Ask("/" + NAME, null, 1);
        List<Server> servers = Servers.files(plan, FOLDER).stream()
                .map(server -> server.with(Part.random(FOLDER + "/" + NAME, FILE_BYTES)))
                .toList();
        return List.of(
                asked(plan, Rows.of(FILE, "100 kB, one thread", FILE_AIMS), ask, servers),
                SystemCalls.ofRequests(plan, FILE, "100 kB, one thread", ask.path, servers));
    }

    /**
     * What is asked for.
     *
     * @param text its body, null for that of the file
     */
    private record Ask(String path, @Nullable String text, int ahead) {
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
    }

    private static Case asked(Plan plan, Rows rows, Ask ask, List<Server> servers) {
        List<Subject> subjects = new ArrayList<>();
        for (Server server : servers) {
            subjects.add(new Asked(plan, server, ask, rows, WARMUP, plan.either(2, 5)));
        }
        return new Case(
                rows.perCpu.benchmark(), rows.perCpu.name(), List.of(rows.perCpu, rows.speed, rows.bytes), subjects);
    }

    private record Asked(Plan plan, Server server, Ask ask, Rows rows, int warmup, int seconds) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Wrk.command(port, ask.path, seconds, ask.ahead);
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try (Running running = server.start(children)) {
                check(running.port());
                Wrk.ran(children.run(Wrk.command(running.port(), ask.path, warmup, ask.ahead)));
                double cpu = running.cpuSeconds();
                long bytes = server.isJvm() ? running.allocated() : 0;
                Wrk.Ran ran = Wrk.ran(children.run(load(running.port())));
                double spent = running.cpuSeconds() - cpu;
                List<Value> values = new ArrayList<>(List.of(
                        new Value(rows.perCpu, name(), ran.requests() / spent / 1_000),
                        new Value(rows.speed, name(), ran.perSecond() / 1_000)));
                if (server.isJvm()) {
                    values.add(new Value(rows.bytes, name(), (double) (running.allocated() - bytes) / ran.requests()));
                }
                return values;
            }
        }

        /** Looks at one answer, since wrk does not. */
        private void check(int port) throws Failure, InterruptedException {
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
