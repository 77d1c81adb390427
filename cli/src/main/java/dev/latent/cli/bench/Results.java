package dev.latent.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What was measured: for each row and system the value of each round, and what went wrong. */
public final class Results {
    /** One system in one row. */
    static final class Cell {
        /** One for each round; null where the round has none. */
        final List<@Nullable Double> rounds = new ArrayList<>();

        /** The commands of one run. */
        final List<String> commands;

        @Nullable
        String detail;

        Cell(List<String> commands) {
            this.commands = commands;
        }
    }

    final Map<Row, Map<String, Cell>> rows = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    int rounds;

    /** {@return the rows of these cases, still empty} */
    static Results of(List<Case> cases) {
        Results results = new Results();
        for (Case one : cases) {
            one.rows().forEach(row -> results.rows.put(row, new LinkedHashMap<>()));
        }
        return results;
    }

    void add(Subject.Value value, int round, List<String> commands) {
        Cell cell = rows.computeIfAbsent(value.row(), row -> new LinkedHashMap<>())
                .computeIfAbsent(value.system(), system -> new Cell(commands));
        while (cell.rounds.size() <= round) {
            cell.rounds.add(null);
        }
        cell.rounds.set(round, value.value());
        cell.detail = value.detail() == null ? cell.detail : value.detail();
        rounds = Math.max(rounds, round + 1);
    }

    /** {@return Latent's value divided by the other's, the median over the rounds} */
    OptionalDouble ratio(Row row, String system) {
        Map<String, Cell> cells = rows.getOrDefault(row, Map.of());
        Cell latent = cells.get(Row.LATENT);
        Cell other = cells.get(system);
        return latent == null || other == null || system.equals(Row.LATENT)
                ? OptionalDouble.empty()
                : Statistics.ratio(latent.rounds, other.rounds);
    }

    /** {@return what the aim for this cell is held against: the ratio, or Latent's own value} */
    OptionalDouble aimedAt(Row row, String system) {
        Cell cell = rows.getOrDefault(row, Map.of()).get(system);
        return cell != null && system.equals(Row.LATENT) ? Statistics.median(cell.rounds) : ratio(row, system);
    }

    /** {@return the systems that have a value in the benchmark, Latent first} */
    List<String> systems(String benchmark) {
        List<String> systems = new ArrayList<>();
        rows.forEach((row, cells) -> {
            if (row.benchmark().equals(benchmark)) {
                cells.keySet().stream()
                        .filter(system -> !systems.contains(system))
                        .forEach(systems::add);
            }
        });
        if (systems.remove(Row.LATENT)) {
            systems.addFirst(Row.LATENT);
        }
        return systems;
    }

    /** {@return whether nothing has failed} */
    public boolean isComplete() {
        return failures.isEmpty();
    }
}
