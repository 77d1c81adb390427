package dev.latent.cli.bench;

import dev.latent.cli.bench.Row.Aim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Results as a table for people: a part for each benchmark, with Latent first and a ratio behind each peer. */
public final class Table {
    private static final String GAP = "  ";

    private final Results results;

    private Table(Results results) {
        this.results = results;
    }

    /** {@return the table, with what it takes to read it} */
    public static String of(Results results, List<Case> cases, Machine machine) {
        return new Table(results).text(cases, machine);
    }

    private String text(List<Case> cases, Machine machine) {
        StringBuilder text = new StringBuilder();
        Map<String, List<Row>> parts = new LinkedHashMap<>();
        results.rows.keySet().forEach(row -> parts.computeIfAbsent(row.benchmark(), name -> new ArrayList<>())
                .add(row));
        Map<String, String> flags = Benchmark.flagsOf(cases);
        parts.forEach((name, rows) -> part(text, name, flags.getOrDefault(name, "none"), rows));
        text.append(machine.told()).append('\n');
        text.append("""
                Medians of the rounds (least–most); behind a peer Latent's value divided by its own, the median over the rounds;
                behind ≥ and ≤ what Latent aims at. Rounds: %d.
                """.formatted(results.rounds));
        if (machine.isBusy()) {
            text.append(
                    "The machine was busy when it began (load %.1f on %d cores): believe ratios more than values, and small differences not at all.\n"
                            .formatted(machine.load(), machine.cores()));
        }
        results.notes.forEach(note -> text.append(note).append('\n'));
        results.failures.forEach(
                failure -> text.append("FAILED ").append(failure).append('\n'));
        return text.toString();
    }

    private void part(StringBuilder text, String benchmark, String flags, List<Row> rows) {
        List<String> systems = results.systems(benchmark);
        List<List<String>> lines = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(benchmark));
        for (String system : systems) {
            header.add(system);
            header.add("");
        }
        lines.add(header);
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.title()));
            for (String system : systems) {
                line.add(value(row, system));
                line.add(judged(row, system));
            }
            if (systems.stream().noneMatch(system -> has(row, system))) {
                line = List.of(row.title(), row.missing() == null ? "not measured" : row.missing());
            }
            lines.add(line);
        }
        List<Integer> widths = new ArrayList<>();
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                int width = line.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else if (line.size() == header.size()) {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        for (List<String> line : lines) {
            StringBuilder one = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                if (widths.get(i) > 0) {
                    one.append(line.get(i))
                            .repeat(' ', Math.max(0, widths.get(i) - line.get(i).length()))
                            .append(GAP);
                }
            }
            text.append(one.toString().stripTrailing()).append('\n');
        }
        text.append("JVM flags: ").append(flags).append("\n\n");
    }

    private boolean has(Row row, String system) {
        Results.Cell cell = results.rows.getOrDefault(row, Map.of()).get(system);
        return cell != null && Statistics.median(cell.rounds).isPresent();
    }

    private String value(Row row, String system) {
        if (!has(row, system)) {
            return "–";
        }
        Results.Cell cell = results.rows.getOrDefault(row, Map.of()).get(system);
        return cell == null ? "–" : spread(cell);
    }

    static String spread(Results.Cell cell) {
        OptionalDouble median = Statistics.median(cell.rounds);
        if (median.isEmpty()) {
            return "–";
        }
        String shown = Numbers.shown(median.getAsDouble());
        long values = cell.rounds.stream().filter(value -> value != null).count();
        return values < 2
                ? shown
                : shown + " (" + Numbers.shown(Statistics.min(cell.rounds).orElseThrow()) + "–"
                        + Numbers.shown(Statistics.max(cell.rounds).orElseThrow()) + ")";
    }

    /** {@return the ratio, and the aim with whether it is met} */
    private String judged(Row row, String system) {
        OptionalDouble ratio = results.ratio(row, system);
        String shown = ratio.isPresent() ? Numbers.ratio(ratio.getAsDouble()) : "";
        Aim aim = row.aims().get(system);
        OptionalDouble aimed = results.aimedAt(row, system);
        if (aim != null && aimed.isPresent()) {
            shown += (shown.isEmpty() ? "" : " ") + aim + (aim.isMetBy(aimed.getAsDouble()) ? " ✓" : " ✗");
        }
        return shown;
    }
}
