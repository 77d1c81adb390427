package dev.latent.cli.advise;

import static dev.latent.cli.advise.Situation.millis;

import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.lab.Grid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Advice with what is behind it, for people and for programs.
 *
 * @param notes what could not be measured as asked
 * @param machine null if nothing was measured
 */
public record Told(
        Situation situation,
        Advice advice,
        List<Figures> figures,
        List<String> notes,
        @Nullable Machine machine) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** {@return what is advised there} */
    public static Told of(
            Situation situation,
            @Nullable Figures waiting,
            @Nullable Figures computing,
            List<String> notes,
            @Nullable Machine machine) {
        List<Figures> figures = new ArrayList<>();
        if (waiting != null) {
            figures.add(waiting);
        }
        if (computing != null) {
            figures.add(computing);
        }
        return new Told(situation, Advisor.advise(situation, waiting), figures, List.copyOf(notes), machine);
    }

    /** {@return it for people} */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(advice.verdict()).append("\n\nWhy\n");
        advice.why().forEach(why -> text.append("- ").append(why).append('\n'));
        if (machine != null) {
            text.append("\nMeasured here just now (").append(machine.told()).append(")\n");
            for (Figures one : figures) {
                List<List<String>> rows = new ArrayList<>();
                for (Figures.Row row : one.rows()) {
                    List<String> cells = new ArrayList<>(List.of(row.way()));
                    row.figures().forEach(figure -> cells.add(Numbers.shown(figure)));
                    rows.add(cells);
                }
                text.append(new Grid(one.title(), one.head(), rows).text());
            }
            notes.forEach(note -> text.append(note).append('\n'));
            if (machine.isBusy()) {
                text.append("The machine was busy when it began: small differences mean nothing.\n");
            }
        }
        text.append("\nWhat would change that\n");
        advice.changes().forEach(change -> text.append("- ").append(change).append('\n'));
        text.append("\nTo start from: ")
                .append(advice.choice().file())
                .append(" (--sketch writes it; latent run runs it)\n\n");
        advice.choice().sketch().lines().forEach(line -> text.append(line.isEmpty() ? "" : "    ")
                .append(line)
                .append('\n'));
        return text.toString();
    }

    /** {@return it for programs} */
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("situation", said());
        fields.put("choice", advice.choice().name().toLowerCase(Locale.ROOT));
        fields.put("choice_in_words", advice.choice().shown);
        fields.put("verdict", advice.verdict());
        fields.put("why", advice.why());
        fields.put("what_would_change_it", advice.changes());
        fields.put("figures", figures.stream().map(Told::fields).toList());
        fields.put("notes", notes);
        fields.put(
                "sketch",
                Map.of("file", advice.choice().file(), "source", advice.choice().sketch()));
        if (machine != null) {
            fields.put("environment", machine.fields());
        }
        return MAPPER.writeValueAsString(fields);
    }

    private Map<String, Object> said() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("work", situation.work().name().toLowerCase(Locale.ROOT));
        fields.put("concurrent", situation.concurrent());
        fields.put("each", situation.each());
        fields.put("wait_ms", millis(situation.waiting()));
        fields.put("compute_ms", millis(situation.computing()));
        Duration deadline = situation.deadline();
        if (deadline != null) {
            fields.put("deadline_ms", millis(deadline));
        }
        fields.put("blocking", situation.blocking());
        fields.put("cores", situation.cores());
        return fields;
    }

    private static Map<String, Object> fields(Figures one) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", one.title());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Figures.Row row : one.rows()) {
            Map<String, Object> cells = new LinkedHashMap<>();
            cells.put(one.head().getFirst(), row.way());
            for (int i = 0; i < row.figures().size(); i++) {
                cells.put(one.head().get(i + 1), row.figures().get(i));
            }
            rows.add(cells);
        }
        fields.put("rows", rows);
        return fields;
    }
}
