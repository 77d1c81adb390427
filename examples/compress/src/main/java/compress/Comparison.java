package compress;

import dev.latent.cli.Progress;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Measured;
import dev.latent.cli.bench.Tool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All modes, each a process of its own, and the system's command, on one file in turns.
 *
 * @param size bytes of the file
 * @param missing a command that is not there, with the way to it
 */
record Comparison(
        String file,
        long size,
        Format format,
        int level,
        int threads,
        List<Row> rows,
        @Nullable String missing) {
    private static final int ROUNDS = 3;
    private static final double MEGA = 1e6;

    /** What one takes: medians. */
    record Row(String name, double seconds, double cpuSeconds, long peakMemory, long written) {
        static Row of(String name, Measured run) {
            return new Row(name, run.seconds(), run.cpuSeconds(), run.peakMemory(), run.written());
        }
    }

    static Comparison of(Input input, Format format, int level, int threads) throws Exception {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        for (Mode mode : Mode.values()) {
            commands.put(mode.toString(), ours(input, format, level, threads, mode));
        }
        Tool tool = format == Format.GZIP ? Tool.PIGZ : Tool.ZSTD;
        String peer = tool.command();
        boolean isThere = tool.find().isPresent();
        if (isThere) {
            String file = input.name();
            commands.put(
                    peer,
                    format == Format.GZIP
                            ? List.of(peer, "-c", "-p", "" + threads, "-" + level, "--", file)
                            : List.of(
                                    peer,
                                    "-q",
                                    "-c",
                                    "-T" + threads,
                                    level > 19 ? "--ultra" : "-q",
                                    "-" + level,
                                    "--",
                                    file));
        }
        Map<String, List<Row>> rounds = new LinkedHashMap<>();
        Progress progress = new Progress();
        try (Children children = new Children(Path.of("").toAbsolutePath())) {
            for (int round = 1; round <= ROUNDS; round++) {
                for (var command : commands.entrySet()) {
                    progress.now("round %d of %d: %s".formatted(round, ROUNDS, command.getKey()));
                    rounds.computeIfAbsent(command.getKey(), _ -> new ArrayList<>())
                            .add(Row.of(command.getKey(), Measured.of(children, command.getKey(), command.getValue())));
                }
            }
        } finally {
            progress.end();
        }
        return new Comparison(
                input.name(),
                input.size(),
                format,
                level,
                threads,
                rounds.values().stream().map(Comparison::median).toList(),
                isThere ? null : peer + " is not on the PATH, so it is left out (" + tool.remedy() + ")");
    }

    private static List<String> ours(Input input, Format format, int level, int threads, Mode mode) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.latent.cli.Main", "compress"));
        command.addAll(List.of("--algorithm", format.command, "--level", "" + level, "--threads", "" + threads));
        command.addAll(List.of("--mode", mode.toString(), "-o", "-", "--", input.name()));
        return command;
    }

    private static Row median(List<Row> rows) {
        return new Row(
                rows.getFirst().name(),
                rows.stream().mapToDouble(Row::seconds).sorted().toArray()[ROUNDS / 2],
                rows.stream().mapToDouble(Row::cpuSeconds).sorted().toArray()[ROUNDS / 2],
                rows.stream().mapToLong(Row::peakMemory).sorted().toArray()[ROUNDS / 2],
                rows.getFirst().written());
    }

    String told() {
        StringBuilder text = new StringBuilder("%s, %,.1f MB, %s level %d, %d threads; medians of %d rounds%n%n"
                .formatted(file, size / MEGA, format, level, threads, ROUNDS));
        text.append(
                "%-12s %10s %8s %8s %10s %12s%n".formatted("", "MB/s", "seconds", "CPU s", "memory MB", "written MB"));
        for (Row row : rows) {
            text.append("%-12s %,10.1f %8.2f %8.2f %,10.1f %,12.1f%n"
                    .formatted(
                            row.name(),
                            size / MEGA / row.seconds(),
                            row.seconds(),
                            row.cpuSeconds(),
                            row.peakMemory() / MEGA,
                            row.written() / MEGA));
        }
        text.append('\n').append(verdict());
        return text.toString();
    }

    /** {@return what async adds and costs, and how threads stand beside the system's command} */
    private String verdict() {
        Row threaded = rows.getFirst();
        Row async = row(Mode.ASYNC.toString());
        String said =
                "Async is %.2f× as fast as threads, with %.2f× their processor time and %.2f× their memory: there is nothing here to wait for."
                        .formatted(
                                threaded.seconds() / async.seconds(),
                                async.cpuSeconds() / threaded.cpuSeconds(),
                                (double) async.peakMemory() / threaded.peakMemory());
        return rows.size() == Mode.values().length
                ? said + "\n" + missing
                : said
                        + " Threads are %.2f× as fast as %s."
                                .formatted(
                                        rows.getLast().seconds() / threaded.seconds(),
                                        rows.getLast().name());
    }

    private Row row(String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findAny().orElseThrow();
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file);
        fields.put("bytes", size);
        fields.put("algorithm", format.command);
        fields.put("level", level);
        fields.put("threads", threads);
        fields.put("rounds", ROUNDS);
        List<Map<String, Object>> all = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", row.name());
            one.put("megabytes_per_second", size / MEGA / row.seconds());
            one.put("seconds", row.seconds());
            one.put("cpu_seconds", row.cpuSeconds());
            one.put("peak_memory_bytes", row.peakMemory());
            one.put("bytes_written", row.written());
            all.add(one);
        }
        fields.put("rows", all);
        if (missing != null) {
            fields.put("missing", missing);
        }
        return fields;
    }
}
