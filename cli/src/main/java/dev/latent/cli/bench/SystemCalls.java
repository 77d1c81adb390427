package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.EchoServers.Running;
import dev.latent.cli.bench.EchoServers.Server;
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
 * How many system calls a server makes for a message, by strace. It slows the server, so these runs time nothing; nothing is in
 * flight when strace comes and when it goes, so that it sees each message whole.
 */
final class SystemCalls {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Fewer for a message than this are not told one by one. */
    private static final double RARE = 0.005;

    private SystemCalls() {}

    static Case of(Plan plan, int connections) {
        Row row = WebSocketCases.row(connections, "system calls of a message", "calls");
        String title = "system calls, %,d connections".formatted(connections);
        if (Tool.STRACE.find().isEmpty()) {
            return new Case("websocket", title, List.of(row.missing("strace is not installed")), List.of(), true);
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
        for (Server server : EchoServers.all(plan)) {
            subjects.add(new Traced(server, load, row));
        }
        return new Case("websocket", title, List.of(row), subjects, true);
    }

    private static List<String> strace(String pid, String out) {
        return List.of(Tool.STRACE.command, "-c", "-f", "-o", out, "-p", pid);
    }

    private record Traced(Server server, List<String> load, Row row) implements OfServer {
        @Override
        public List<String> commands() {
            List<String> commands = new ArrayList<>(OfServer.super.commands());
            commands.add(Plan.shown(strace("SERVER", "calls.txt")));
            return commands;
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            Path out = temporaryFile();
            try (Running running = server.start(children);
                    Child client = children.start(EchoServers.load(running.port(), load))) {
                client.line(line -> line.equals("begin"), PATIENCE);
                String pid = String.valueOf(running.process().pid());
                double messages;
                try (Child strace = children.start(strace(pid, out.toString()))) {
                    strace.line(line -> line.contains("attached"), PATIENCE);
                    client.tell("go");
                    messages = Program.number(
                            Program.parse(client.line(line -> line.startsWith("{"), PATIENCE)), "messages");
                    strace.interrupt();
                    strace.untilGone(PATIENCE);
                }
                client.tell("end");
                Map<String, Long> calls = calls(Files.readAllLines(out));
                long all = calls.values().stream().mapToLong(Long::longValue).sum();
                return List.of(new Value(row, name(), all / messages, told(calls, messages)));
            } catch (IOException e) {
                throw new Failure("what strace wrote can't be read: " + e.getMessage());
            } finally {
                delete(out);
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
