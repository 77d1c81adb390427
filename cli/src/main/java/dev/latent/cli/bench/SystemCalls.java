package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Servers.Running;
import dev.latent.cli.bench.Servers.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many system calls a server makes for a message or a request, by strace. It slows the server, so these runs time nothing; nothing is
 * in flight when strace comes and when it goes, so that it sees each message whole.
 */
final class SystemCalls {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Fewer for a message than this are not told one by one. */
    private static final double RARE = 0.005;

    /** How long wrk asks. */
    private static final int SECONDS = 2;

    private SystemCalls() {}

    static Case of(Plan plan, int connections) {
        Row row = WebSocketCases.row(connections, "system calls of a message", "calls");
        String title = "system calls, %,d connections".formatted(connections);
        if (Tool.STRACE.find().isEmpty()) {
            return without(title, row);
        }
        List<String> load = List.of(
                "--echo",
                "--paced",
                "--connections",
                String.valueOf(connections),
                "--seconds",
                plan.either("0.5", "2"),
                "--warmup",
                plan.either("0.5", "2"));
        List<Subject> subjects = new ArrayList<>();
        for (Server server : Servers.echo(plan)) {
            subjects.add(new Traced(server, load, row));
        }
        return new Case("websocket", title, List.of(row), subjects, true);
    }

    private static Case without(String title, Row row) {
        return new Case(row.benchmark(), title, List.of(row.missing("strace is not installed")), List.of(), true);
    }

    /** {@return the case of what wrk asks of these servers} */
    static Case ofRequests(String benchmark, String what, String path, List<Server> servers) {
        Row row = Row.lower(benchmark, what + ", system calls", "calls");
        String title = "system calls, " + what;
        if (Tool.STRACE.find().isEmpty()) {
            return without(title, row);
        }
        List<Subject> subjects = new ArrayList<>();
        for (Server server : servers) {
            subjects.add(new TracedRequests(server, path, row));
        }
        return new Case(benchmark, title, List.of(row), subjects, true);
    }

    private static List<String> strace(List<String> pids, String out) {
        List<String> command = new ArrayList<>(List.of(Tool.STRACE.command(), "-c", "-f", "-o", out));
        pids.forEach(pid -> command.addAll(List.of("-p", pid)));
        return command;
    }

    /** What is done while strace looks on. {@return how much it was} */
    private interface Work {
        double run() throws Failure, InterruptedException;
    }

    private static Subject.Value traced(Children children, Running running, String system, Row row, Work work)
            throws Failure, InterruptedException {
        Path out = temporaryFile();
        try {
            List<String> pids =
                    running.process().pids().stream().map(String::valueOf).toList();
            double done;
            try (Child strace = children.start(strace(pids, out.toString()))) {
                for (String _ : pids) {
                    strace.line(line -> line.contains("attached"), PATIENCE);
                }
                done = work.run();
                strace.interrupt();
                strace.untilGone(PATIENCE);
            }
            Map<String, Long> calls = calls(Files.readAllLines(out));
            long all = calls.values().stream().mapToLong(Long::longValue).sum();
            return new Subject.Value(row, system, all / done, told(calls, done));
        } catch (IOException e) {
            throw new Failure("what strace wrote can't be read: " + e.getMessage());
        } finally {
            delete(out);
        }
    }

    private static List<String> withStrace(List<String> commands) {
        List<String> all = new ArrayList<>(commands);
        all.add(Plan.shown(strace(List.of("SERVER"), "calls.txt")));
        return all;
    }

    private record Traced(Server server, List<String> arguments, Row row) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Servers.load(port, arguments);
        }

        @Override
        public List<String> commands() {
            return withStrace(OfServer.super.commands());
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try (Running running = server.start(children);
                    Child client = children.start(load(running.port()))) {
                client.line(line -> line.equals("begin"), PATIENCE);
                Value value = traced(children, running, name(), row, () -> {
                    client.tell("go");
                    return Program.number(
                            Program.parse(client.line(line -> line.startsWith("{"), PATIENCE)), "messages");
                });
                client.tell("end");
                return List.of(value);
            }
        }
    }

    /** Its connections are opened and closed while strace looks on: a few calls for each, among very many requests. */
    private record TracedRequests(Server server, String path, Row row) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Wrk.command(port, path, SECONDS, 1);
        }

        @Override
        public List<String> commands() {
            return withStrace(OfServer.super.commands());
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try (Running running = server.start(children)) {
                Wrk.ran(children.run(load(running.port()))); // a JVM's own calls are of its beginning mostly
                return List.of(traced(children, running, name(), row, () -> Wrk.ran(children.run(load(running.port())))
                        .requests()));
            }
        }
    }

    private static Path temporaryFile() throws Failure {
        try {
            return Files.createTempFile("latent-bench", ".calls");
        } catch (IOException e) {
            throw new Failure("no place for what strace writes: " + e.getMessage());
        }
    }

    private static void delete(Path file) throws Failure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new Failure("cannot delete " + file + ": " + e.getMessage());
        }
    }

    /** {@return the counts in a summary of strace: the fourth column; the last one is the call, the last line their sum} */
    static Map<String, Long> calls(List<String> summary) {
        Map<String, Long> calls = new LinkedHashMap<>();
        for (String line : summary) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 5 && words[3].matches("\\d+") && !words[words.length - 1].equals("total")) {
                calls.put(words[words.length - 1], Long.valueOf(words[3]));
            }
        }
        return calls;
    }

    private static String told(Map<String, Long> calls, double messages) {
        return calls.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .filter(call -> call.getValue() / messages >= RARE)
                .map(call -> String.format(Locale.ROOT, "%s %.2f", call.getKey(), call.getValue() / messages))
                .collect(Collectors.joining(", "));
    }
}
