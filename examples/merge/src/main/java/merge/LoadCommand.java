package merge;

import dev.latent.cli.Failure;
import dev.latent.cli.Output;
import dev.latent.cli.Progress;
import dev.latent.cli.Range;
import dev.latent.cli.Version;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent merge load}. */
@Command(
        name = "load",
        description =
                "Compares ways of asking five databases: one after the other, by platform threads, by virtual threads, by Latent; then with one of them slow.",
        footer = {
            "",
            "For instance:",
            "  latent merge load --quick",
            "  latent merge load --clients 500 --slow mariadb --html load.html"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LoadCommand implements Callable<Integer> {
    private static final int MAX_CLIENTS = 5_000;
    private static final int MAX_SECONDS = 600;
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m");
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "100",
            description = "Who ask for a page as soon as they have the last one. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "8",
            description = "How long each way is measured, after a warm-up of half of it. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--quick", description = "Two seconds each: under a minute in all.")
    private boolean quick;

    @Option(
            names = "--slow",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description = "Which is slow the second time, postgres or mariadb. Default: ${DEFAULT-VALUE}.")
    private String slow = "postgres";

    @Option(
            names = "--slow-millis",
            paramLabel = "N",
            defaultValue = "1000",
            description = "So many milliseconds it takes longer. Default: ${DEFAULT-VALUE}.")
    private int slowMillis;

    @Mixin
    private final DatabaseOptions databases = new DatabaseOptions();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--clients", clients, 1, MAX_CLIENTS);
        Range.check(spec.commandLine(), "--seconds", seconds, 1, MAX_SECONDS);
        Range.check(spec.commandLine(), "--slow-millis", slowMillis, 1, 60_000);
        if (!slow.equals("postgres") && !slow.equals("mariadb")) {
            throw new ParameterException(spec.commandLine(), "--slow is postgres or mariadb, not " + slow);
        }
        output.check();
        if (quick) {
            seconds = 2;
        }
        List<Figures> all = new ArrayList<>();
        Machine machine;
        Progress progress = new Progress();
        try (Databases open = databases.start(spec.commandLine());
                Children children = new Children(Path.of("").toAbsolutePath())) {
            machine = Machine.now(children);
            for (String slowOne : List.of("", slow)) {
                for (Way way : Way.values()) {
                    progress.now("measuring " + way.title + (slowOne.isEmpty() ? "" : ", with " + slow + " slow") + " ("
                            + (all.size() + 1) + " of " + 2 * Way.values().length + ")");
                    all.add(measure(open, children, way, slowOne));
                }
            }
        } finally {
            progress.end();
        }
        output.tell(
                json(machine, all),
                () -> table(machine, all),
                data -> Page.of(LoadCommand.class, "Five databases merged: four ways to ask them", data));
        return 0;
    }

    private Figures measure(Databases open, Children children, Way way, String slowOne)
            throws Failure, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-Dorg.sqlite.tmpdir=" + open.folder());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoadWorker.class.getName(),
                way.name(),
                slowOne.isEmpty() ? "-" : slowOne,
                "" + slowMillis,
                "" + clients,
                "" + seconds / 2.0,
                "" + seconds,
                "" + open.settings().connections(),
                ""
                        + Math.max(
                                open.settings().line(),
                                clients))); // who is refused asks again at once, and nothing else would be measured
        open.urls()
                .forEach((kind, url) -> command.add(
                        kind + "=" + open.settings().deadlines().get(kind).toMillis() + "=" + url));
        return MAPPER.readValue(children.json(command), Figures.class);
    }

    private String json(Machine machine, List<Figures> all) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("quick", quick);
        fields.put("environment", machine.fields());
        fields.put("clients", clients);
        fields.put("seconds", seconds);
        fields.put("slow", slow);
        fields.put("slowMillis", slowMillis);
        Map<String, String> ways = new LinkedHashMap<>();
        for (Way way : Way.values()) {
            ways.put(way.title, way.how);
        }
        fields.put("ways", ways);
        fields.put("figures", all);
        return MAPPER.writeValueAsString(fields);
    }

    private String table(Machine machine, List<Figures> all) {
        StringBuilder text = new StringBuilder();
        for (String slowOne : List.of("", slow)) {
            text.append(slowOne.isEmpty() ? "all five well\n" : "\n" + slow + " takes " + slowMillis + " ms longer\n");
            text.append("  %-17s %9s %11s %9s %9s %7s %8s%n"
                    .formatted("", "pages/s", "parts of 5", "p50 ms", "p99 ms", "MB", "threads"));
            for (Figures each : all) {
                if (each.slow().equals(slowOne)) {
                    text.append(String.format(
                            Locale.ROOT,
                            "  %-17s %,9.0f %11.2f %9.1f %9.1f %7d %8d%n",
                            each.way(),
                            each.pagesPerSecond(),
                            each.parts(),
                            each.p50(),
                            each.p99(),
                            each.megabytes(),
                            each.threads()));
                }
            }
        }
        text.append("%n%d clients in the same process, %d s each, databases on the same machine.%n"
                .formatted(clients, seconds));
        for (Way way : Way.values()) {
            text.append("%s: %s%n".formatted(way.title, way.how));
        }
        return text.append(machine.told()).append('\n').toString();
    }
}
