package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.lab.program.Computing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Computing is not helped by async, and its neighbours suffer. */
final class Neighbours implements Experiment {
    private static final Map<String, String> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("sequential", "a loop on a thread");
        WAYS.put("fork-join", "a fork-join pool, all cores");
        WAYS.put("async-one", "async tasks, one thread");
        WAYS.put("async-all", "async tasks, all cores");
        WAYS.put("async-compute", "an async task that awaits compute(…)");
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
                runs.computeIfAbsent(way, w -> new ArrayList<>())
                        .add(lab.figures(Computing.class, way, lab.isQuick() ? 16 : 64));
            }
        }
        Grid grid = Grid.of(
                "hash and compress blocks of 1 MB; beside it somebody wants to be woken every 2 ms",
                "way",
                "blocks/s",
                "woken late, p50 ms",
                "p99 ms",
                "most ms");
        runs.forEach((way, said) -> grid.row(
                String.valueOf(WAYS.get(way)),
                Numbers.shown(median(said, "blocks_per_second")),
                Numbers.shown(median(said, "late_p50_ms")),
                Numbers.shown(median(said, "late_p99_ms")),
                Numbers.shown(median(said, "late_max_ms"))));
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
