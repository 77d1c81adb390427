package dev.latent.cli.bench;

import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Row.Curve;
import dev.latent.cli.bench.Subject.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a resume costs at several depths of awaits, beside itself at depth 1. */
final class ChainCases {
    private static final String FLAT = "at depth 1";
    private static final int[] DEPTHS = {1, 10, 100, 1_000};

    private ChainCases() {}

    static List<Case> chain(Plan plan) {
        List<Row> rows = new ArrayList<>();
        for (int depth : DEPTHS) {
            Row row = Row.lower("chain", "a resume at await depth %,d".formatted(depth), "ns")
                    .on(new Curve("a resume, ns", "await depth", depth));
            rows.add(depth == 1 ? row : row.aims(Map.of(FLAT, Aim.atMost(1.1))));
        }
        List<String> command =
                plan.latent(List.of(), "dev.latent.examples.bench.ChainBench", List.of(plan.either("5", "11")));
        Subject latent = new Program(Row.LATENT, List.of(), command, figures -> {
            List<Value> values = new ArrayList<>();
            double flat = Program.number(figures, "depth_1_ns");
            for (int d = 0; d < DEPTHS.length; d++) {
                Row row = rows.get(d);
                values.add(new Value(row, Row.LATENT, Program.number(figures, "depth_" + DEPTHS[d] + "_ns")));
                if (d > 0) {
                    values.add(new Value(row, FLAT, flat));
                }
            }
            return values;
        });
        return List.of(new Case("chain", "a resume at several depths", rows, List.of(latent)));
    }
}
