package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.lab.Waiting.Way;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** From how many waits at once on which way of waiting wins. */
final class Crossover implements Experiment {
    /** What is less apart than that is called equal. */
    private static final double CLEARLY = 1.15;

    /** A row of what no way reaches. */
    private static final String ALL = "all";

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
        static Cell of(List<JsonNode> runs) {
            List<List<Double>> all = runs.stream().map(Waiting::figures).toList();
            return new Cell(IntStream.range(0, Waiting.HEAD.size())
                    .mapToObj(
                            i -> Lab.median(all.stream().map(one -> one.get(i)).toList()))
                    .toList());
        }

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

    /** What could not be: so many waits at once, in that way. */
    private record Unreached(int n, String way, String why) {}

    @Override
    public Findings run(Lab lab) throws Failure, InterruptedException {
        Findings findings = new Findings(this);
        StringBuilder verdict = new StringBuilder();
        try (Waiting waiting = Waiting.begin(lab)) {
            for (int millis : lab.isQuick() ? List.of(10) : List.of(1, 10, 100)) {
                List<Unreached> unreached = new ArrayList<>();
                Map<String, Map<Integer, Cell>> cells = measured(lab, waiting, millis, unreached);
                tell(findings, millis, cells, unreached);
                verdict.append(verdict.isEmpty() ? "" : " ").append(verdict(millis, cells));
            }
        }
        if (numbers(lab).getLast() > Waiting.most(lab)) {
            findings.notes.add(
                    "Each wait has a connection of its own, and so an open file, of which a process may have %,d: raise it with sudo prlimit --pid $$ --nofile=N:N"
                            .formatted(lab.openFiles()));
        }
        findings.verdict = verdict.toString();
        return findings;
    }

    private static List<Integer> numbers(Lab lab) {
        return lab.isQuick()
                ? List.of(1, 10, 100, 1_000, 10_000)
                : List.of(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000);
    }

    private Map<String, Map<Integer, Cell>> measured(Lab lab, Waiting waiting, int millis, List<Unreached> unreached)
            throws Failure, InterruptedException {
        Map<String, Map<Integer, Cell>> cells = new LinkedHashMap<>();
        Map<Way, String> out = new HashMap<>();
        int rounds = lab.isQuick() ? 1 : 2;
        long most = Waiting.most(lab);
        for (int n : numbers(lab)) {
            if (n > most) {
                unreached.add(new Unreached(n, ALL, "limit of %,d open files".formatted(lab.openFiles())));
                continue;
            }
            Map<Way, List<JsonNode>> runs = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                for (Way way : ways(n)) {
                    if (!out.containsKey(way)) {
                        lab.now(
                                this,
                                "%,d at once, %d ms each, round %d of %d: %s"
                                        .formatted(n, millis, round + 1, rounds, way.shown()));
                        JsonNode figures = run(lab, waiting, way, n, millis);
                        if (figures == null || figures.has("failure")) {
                            String why = figures == null
                                    ? "it ended"
                                    : figures.path("failure").asString();
                            out.put(way, why);
                        } else {
                            runs.computeIfAbsent(way, w -> new ArrayList<>()).add(figures);
                        }
                    }
                }
            }
            for (Way way : ways(n)) {
                String why = out.get(way);
                if (why != null) {
                    unreached.add(new Unreached(n, way.shown(), why));
                }
            }
            runs.forEach((way, said) -> {
                if (!out.containsKey(way)) {
                    cells.computeIfAbsent(way.shown(), w -> new LinkedHashMap<>())
                            .put(n, Cell.of(said));
                }
            });
        }
        return cells;
    }

    /** One after the other, the number changes nothing. */
    private static List<Way> ways(int n) {
        List<Way> ways = new ArrayList<>(n == 1 ? List.of(Waiting.ONE_BY_ONE) : List.of());
        ways.addAll(Waiting.AT_ONCE);
        return ways;
    }

    private static @Nullable JsonNode run(Lab lab, Waiting waiting, Way way, int n, int millis)
            throws Failure, InterruptedException {
        try {
            return waiting.run(way, n, millis, lab.isQuick() ? 500 : Math.max(800, 10 * millis));
        } catch (Failure e) {
            lab.stopIfClosing();
            return null;
        }
    }

    private static void tell(
            Findings findings, int millis, Map<String, Map<Integer, Cell>> cells, List<Unreached> unreached) {
        List<String> head = new ArrayList<>(List.of("at once"));
        head.add("way");
        head.addAll(Waiting.HEAD);
        Grid grid = new Grid("waits of %d ms".formatted(millis), head, new ArrayList<>());
        List<Plot> plots = Waiting.HEAD.stream()
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
                        for (int i = 0; i < Waiting.HEAD.size(); i++) {
                            row.add(Numbers.shown(cell.figures.get(i)));
                            plots.get(i).add(way, n, cell.figures.get(i));
                        }
                        grid.rows().add(row);
                    }
                }));
        for (Unreached one : unreached) {
            List<String> row =
                    new ArrayList<>(List.of("%,d".formatted(one.n()), one.way(), "not reached: " + one.why()));
            row.addAll(Collections.nCopies(Waiting.HEAD.size() - 1, "–"));
            grid.rows().add(row);
        }
        findings.grids.add(grid);
        findings.plots.addAll(plots);
    }

    private interface Better {
        boolean is(Cell latent, Cell threads);
    }

    /** {@return the number from which on, to the last that both have, Latent is better} */
    private static OptionalInt from(Map<String, Map<Integer, Cell>> cells, Better better) {
        Map<Integer, Cell> latent = cells.getOrDefault(Waiting.LATENT.shown(), Map.of());
        Map<Integer, Cell> threads = cells.getOrDefault(Waiting.THREADS.shown(), Map.of());
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
        Map<Integer, Cell> latent = cells.getOrDefault(Waiting.LATENT.shown(), Map.of());
        Map<Integer, Cell> threads = cells.getOrDefault(Waiting.THREADS.shown(), Map.of());
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
