package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Child;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.lab.program.WaitService;
import dev.latent.cli.lab.program.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** From how many waits at once on which way of waiting wins. */
final class Crossover implements Experiment {
    private static final int ADDRESSES = 4;
    private static final Duration START = Duration.ofSeconds(20);

    /** Files that a process has open beside its connections. */
    private static final int OTHER_FILES = 500;

    /** What is less apart than that is called equal. */
    private static final double CLEARLY = 1.15;

    private static final String THREADS = "threads";
    private static final String LATENT = "Latent, all cores";

    private static final List<String> ROW = List.of("answers/s", "p50 ms", "p99 ms", "CPU µs each", "RSS MB");
    private static final List<String> FIGURE =
            List.of("answers_per_second", "p50_ms", "p99_ms", "cpu_us_per_answer", "rss_mb");

    /** A way of waiting: how it is told, and the program's word for it. */
    private record Way(String shown, String word) {}

    private static final Way ONE_BY_ONE = new Way("one by one", "one-by-one");
    private static final List<Way> WAYS = List.of(
            new Way(THREADS, "threads"),
            new Way("virtual threads", "virtual-threads"),
            new Way("Latent, one thread", "latent-one"),
            new Way(LATENT, "latent-all"));

    @Override
    public String name() {
        return "crossover";
    }

    @Override
    public String question() {
        return "From how many concurrent waits on does async win, and over what?";
    }

    @Override
    public String claim() {
        return "Fewer than ten waits: plain code. Hundreds: a thread for each is fine. Thousands: async.";
    }

    /** The medians of one way with one number of waits. */
    private record Cell(List<Double> figures) {
        double answers() {
            return figures.get(0);
        }

        double cpu() {
            return figures.get(3);
        }

        double memory() {
            return figures.get(4);
        }
    }

    @Override
    public Findings run(Lab lab) throws Failure, InterruptedException {
        Findings findings = new Findings(this);
        StringBuilder verdict = new StringBuilder();
        try (Child service = lab.start(WaitService.class, ADDRESSES)) {
            int port = Integer.parseInt(
                    service.line(line -> line.startsWith("ready "), START).substring("ready ".length()));
            for (int millis : lab.isQuick() ? List.of(10) : List.of(1, 10, 100)) {
                Map<String, Map<Integer, Cell>> cells = measured(lab, port, millis, findings);
                tell(findings, millis, cells);
                verdict.append(verdict.isEmpty() ? "" : " ").append(verdict(millis, cells));
            }
        }
        findings.verdict = verdict.toString();
        return findings;
    }

    private static List<Integer> numbers(Lab lab) {
        return lab.isQuick()
                ? List.of(1, 10, 100, 1_000, 10_000)
                : List.of(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000);
    }

    private Map<String, Map<Integer, Cell>> measured(Lab lab, int port, int millis, Findings findings)
            throws Failure, InterruptedException {
        Map<String, Map<Integer, Cell>> cells = new LinkedHashMap<>();
        Map<Way, String> out = new HashMap<>();
        int rounds = lab.isQuick() ? 1 : 2;
        long most = lab.openFiles() - OTHER_FILES;
        for (int n : numbers(lab)) {
            if (n > most) {
                findings.notes.add(
                        "%,d waits at once and more need as many open files, and the limit is %,d (raise it with sudo prlimit --pid $$ --nofile=N:N)"
                                .formatted(n, lab.openFiles()));
                break;
            }
            Map<Way, List<JsonNode>> runs = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (Way way : ways(n)) {
                    if (!out.containsKey(way)) {
                        lab.now(
                                this,
                                "%,d at once, %d ms each, round %d of %d: %s"
                                        .formatted(n, millis, round + 1, rounds, way.shown));
                        JsonNode figures = run(lab, way, n, millis, port);
                        if (figures == null || figures.has("failure")) {
                            String why = figures == null
                                    ? "it ended"
                                    : figures.path("failure").asString();
                            out.put(way, why);
                            findings.notes.add("%s: %,d waits of %d ms at once are too many: %s"
                                    .formatted(way.shown, n, millis, why));
                        } else {
                            runs.computeIfAbsent(way, w -> new ArrayList<>()).add(figures);
                        }
                    }
                }
            }
            runs.forEach((way, said) -> {
                if (!out.containsKey(way)) {
                    cells.computeIfAbsent(way.shown, w -> new LinkedHashMap<>())
                            .put(
                                    n,
                                    new Cell(FIGURE.stream()
                                            .map(figure -> Lab.median(said.stream()
                                                    .map(one -> one.path(figure).asDouble())
                                                    .toList()))
                                            .toList()));
                }
            });
        }
        return cells;
    }

    /** One after the other, the number changes nothing. */
    private static List<Way> ways(int n) {
        List<Way> ways = new ArrayList<>(n == 1 ? List.of(ONE_BY_ONE) : List.of());
        ways.addAll(WAYS);
        return ways;
    }

    private @Nullable JsonNode run(Lab lab, Way way, int n, int millis, int port) throws Failure, InterruptedException {
        try {
            return lab.figures(
                    Waits.class,
                    way.word,
                    n,
                    millis,
                    port,
                    ADDRESSES,
                    lab.isQuick() ? 500 : Math.max(800, 10 * millis));
        } catch (Failure e) {
            lab.stopIfClosing();
            return null;
        }
    }

    private static void tell(Findings findings, int millis, Map<String, Map<Integer, Cell>> cells) {
        List<String> head = new ArrayList<>(List.of("at once"));
        head.add("way");
        head.addAll(ROW);
        Grid grid = new Grid("waits of %d ms".formatted(millis), head, new ArrayList<>());
        List<Plot> plots = ROW.stream()
                .map(figure -> Plot.of("%s, waits of %d ms".formatted(figure, millis), "at once"))
                .toList();
        cells.values().stream()
                .flatMap(byNumber -> byNumber.keySet().stream())
                .distinct()
                .sorted()
                .forEach(n -> cells.forEach((way, byNumber) -> {
                    Cell cell = byNumber.get(n);
                    if (cell != null) {
                        List<String> row = new ArrayList<>(List.of("%,d".formatted(n), way));
                        for (int i = 0; i < ROW.size(); i++) {
                            row.add(Numbers.shown(cell.figures.get(i)));
                            plots.get(i).add(way, n, cell.figures.get(i));
                        }
                        grid.rows().add(row);
                    }
                }));
        findings.grids.add(grid);
        findings.plots.addAll(plots);
    }

    private interface Better {
        boolean is(Cell latent, Cell threads);
    }

    /** {@return the number from which on, to the last that both have, Latent is better} */
    private static OptionalInt from(Map<String, Map<Integer, Cell>> cells, Better better) {
        Map<Integer, Cell> latent = cells.getOrDefault(LATENT, Map.of());
        Map<Integer, Cell> threads = cells.getOrDefault(THREADS, Map.of());
        OptionalInt from = OptionalInt.empty();
        for (int n :
                latent.keySet().stream().filter(threads::containsKey).sorted().toList()) {
            Cell a = latent.get(n);
            Cell b = threads.get(n);
            if (a != null && b != null && better.is(a, b)) {
                from = from.isPresent() ? from : OptionalInt.of(n);
            } else {
                from = OptionalInt.empty();
            }
        }
        return from;
    }

    private static String verdict(int millis, Map<String, Map<Integer, Cell>> cells) {
        return "Waits of %d ms: beside a thread for each, Latent on all cores needs less CPU %s, less memory %s, and answers more %s.%s"
                .formatted(
                        millis,
                        shown(from(cells, (a, b) -> a.cpu() * CLEARLY < b.cpu())),
                        shown(from(cells, (a, b) -> a.memory() * CLEARLY < b.memory())),
                        shown(from(cells, (a, b) -> a.answers() > CLEARLY * b.answers())),
                        most(cells));
    }

    private static String shown(OptionalInt from) {
        return from.isEmpty() ? "nowhere" : from.getAsInt() == 1 ? "always" : "from %,d on".formatted(from.getAsInt());
    }

    private static String most(Map<String, Map<Integer, Cell>> cells) {
        Map<Integer, Cell> latent = cells.getOrDefault(LATENT, Map.of());
        Map<Integer, Cell> threads = cells.getOrDefault(THREADS, Map.of());
        OptionalInt last = latent.keySet().stream()
                .filter(threads::containsKey)
                .mapToInt(n -> n)
                .max();
        if (last.isEmpty()) {
            return "";
        }
        Cell a = latent.get(last.getAsInt());
        Cell b = threads.get(last.getAsInt());
        return a == null || b == null
                ? ""
                : " With %,d at once: %.0f MB beside %.0f MB, %.1f µs of CPU an answer beside %.1f."
                        .formatted(last.getAsInt(), a.memory(), b.memory(), a.cpu(), b.cpu());
    }
}
