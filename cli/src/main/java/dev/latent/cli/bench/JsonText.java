package dev.latent.cli.bench;

import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Row.Curve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results for programs. */
public final class JsonText {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonText() {}

    /** {@return an object with the environment and a list of rows} */
    public static String of(Results results, List<Case> cases, Machine machine, boolean quick) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("quick", quick);
        all.put("rounds", results.rounds);
        all.put("environment", machine.fields());
        all.put("jvm_flags", Benchmark.flagsOf(cases));
        List<Object> rows = new ArrayList<>();
        results.rows.forEach((row, cells) -> rows.add(row(results, row, cells)));
        all.put("rows", rows);
        all.put("notes", results.notes);
        all.put("failures", results.failures);
        return MAPPER.writeValueAsString(all);
    }

    private static Map<String, Object> row(Results results, Row row, Map<String, Results.Cell> cells) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("benchmark", row.benchmark());
        fields.put("name", row.name());
        fields.put("unit", row.unit());
        fields.put("better", row.better().name().toLowerCase(Locale.ROOT));
        Curve curve = row.curve();
        if (curve != null) {
            fields.put("curve", Map.of("of", curve.of(), "axis", curve.axis(), "x", curve.x()));
        }
        if (row.missing() != null) {
            fields.put("missing", row.missing());
        }
        List<Object> systems = new ArrayList<>();
        for (String system : results.systems(row.benchmark())) {
            Results.Cell cell = cells.get(system);
            if (cell != null) {
                systems.add(system(results, row, system, cell));
            }
        }
        fields.put("systems", systems);
        return fields;
    }

    private static Map<String, Object> system(Results results, Row row, String name, Results.Cell cell) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("values", cell.rounds);
        fields.put("median", orNull(Statistics.median(cell.rounds)));
        fields.put("min", orNull(Statistics.min(cell.rounds)));
        fields.put("max", orNull(Statistics.max(cell.rounds)));
        fields.put("ratio", orNull(results.ratio(row, name)));
        Aim aim = row.aims().get(name);
        OptionalDouble aimed = results.aimedAt(row, name);
        if (aim != null) {
            fields.put("aim", aim.toString());
            fields.put("reached", aimed.isPresent() ? (Object) aim.isMetBy(aimed.getAsDouble()) : null);
        }
        if (cell.detail != null) {
            fields.put("detail", cell.detail);
        }
        fields.put("commands", cell.commands);
        return fields;
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
