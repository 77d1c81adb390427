package dev.latent.cli.lab;

import dev.latent.cli.bench.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Findings for programs. */
public final class JsonText {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonText() {}

    /** {@return an object with the environment and a list of experiments} */
    public static String of(List<Findings> all, Machine machine, boolean quick) {
        return write(fields(all, machine, quick));
    }

    /** {@return the fields of that object, to which others may be added} */
    public static Map<String, Object> fields(List<Findings> all, Machine machine, boolean quick) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("quick", quick);
        fields.put("environment", machine.fields());
        fields.put("experiments", all.stream().map(JsonText::fields).toList());
        return fields;
    }

    /** {@return it as text} */
    public static String write(Map<String, Object> fields) {
        return MAPPER.writeValueAsString(fields);
    }

    private static Map<String, Object> fields(Findings findings) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", findings.name);
        fields.put("question", findings.question);
        fields.put("claim", findings.claim);
        fields.put("verdict", findings.verdict);
        fields.put("tables", findings.grids);
        fields.put("plots", findings.plots);
        fields.put("quotes", findings.quotes);
        fields.put("notes", findings.notes);
        return fields;
    }
}
