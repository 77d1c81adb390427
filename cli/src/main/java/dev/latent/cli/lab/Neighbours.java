package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.lab.program.Computing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Computing is not helped by async, and its neighbours suffer. */
public final class Neighbours implements Experiment {
    /** What is done, and beside it. */
    public static final String TITLE =
            "hash and compress blocks of 1 MB; beside it somebody wants to be woken every 2 ms";

    /** What the figures of a run are called. */
    public static final List<String> HEAD = List.of("blocks/s", "woken late, p50 ms", "p99 ms", "most ms");

    private static final List<String> FIGURES =
            List.of("blocks_per_second", "late_p50_ms", "late_p99_ms", "late_max_ms");

    private static final Map<String, String> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("sequential", "a loop on a thread");
        WAYS.put("fork-join", "a fork-join pool, all cores");
        WAYS.put("async-one", "async tasks, one thread");
        WAYS.put("async-all", "async tasks, all cores");
        WAYS.put("async-compute", "an async task that awaits compute(…)");
    }

    Neighbours() {}

    /** {@return the ways, by the program's word for each, and how it is told} */
    public static Map<String, String> ways() {
        return Collections.unmodifiableMap(WAYS);
    }

    /** {@return what the program says of so many blocks done that way} */
    public static JsonNode run(Lab lab, String way, int blocks) throws Failure, InterruptedException {
        return lab.figures(Computing.class, way, blocks);
    }

    /** {@return them, in the order of {@link #HEAD}} */
    public static List<Double> figures(JsonNode said) {
        return FIGURES.stream().map(figure -> said.path(figure).asDouble()).toList();
    }

    @Override
    public String name() {
        return "computing";
    }

    @Override
    public String question() {
        return "Does async make computing faster? And what becomes of a task beside it?";
    }

    @Override
    public String claim() {
        return "Async is for concurrency of waiting, not for parallelism of computing: threads do that, and inside an async program it is handed over to them.";
    }

    @Override
    public Findings run(Lab lab) throws Failure, InterruptedException {
        Findings findings = new Findings(this);
        Map<String, List<JsonNode>> runs = new LinkedHashMap<>();
        int rounds = lab.isQuick() ? 1 : 3;
        for (int round = 0; round < rounds; round++) {
            for (String way : WAYS.keySet()) {
                lab.now(this, "round %d of %d: %s".formatted(round + 1, rounds, WAYS.get(way)));
                runs.computeIfAbsent(way, w -> new ArrayList<>()).add(run(lab, way, lab.isQuick() ? 16 : 64));
            }
        }
        List<String> head = new ArrayList<>(List.of("way"));
        head.addAll(HEAD);
        Grid grid = new Grid(TITLE, head, new ArrayList<>());
        runs.forEach((way, said) -> {
            List<String> row = new ArrayList<>(List.of(String.valueOf(WAYS.get(way))));
            FIGURES.forEach(figure -> row.add(Numbers.shown(median(said, figure))));
            grid.rows().add(row);
        });
        findings.grids.add(grid);
        findings.verdict =
                "On the same cores async tasks compute %.2f× as fast as a fork-join pool, and %.2f× as fast as a loop on one thread; a neighbour on the same executor is woken up to %,.0f ms late, beside compute(…) %,.0f ms."
                        .formatted(
                                ratio(runs, "async-all", "fork-join"),
                                ratio(runs, "async-one", "sequential"),
                                median(runs.getOrDefault("async-all", List.of()), "late_max_ms"),
                                median(runs.getOrDefault("async-compute", List.of()), "late_max_ms"));
        return findings;
    }

    private static double median(List<JsonNode> said, String figure) {
        return Lab.median(said.stream().map(one -> one.path(figure).asDouble()).toList());
    }

    private static double ratio(Map<String, List<JsonNode>> runs, String way, String other) {
        return median(runs.getOrDefault(way, List.of()), "blocks_per_second")
                / median(runs.getOrDefault(other, List.of()), "blocks_per_second");
    }
}
