package dev.latent.cli.learn;

import dev.latent.cli.Failure;
import dev.latent.cli.learn.Verdict.Complaint;
import dev.latent.cli.learn.Verdict.Gone;
import dev.latent.cli.learn.Verdict.Ran;
import dev.latent.cli.learn.Verdict.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The same for programs. */
public final class JsonText {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonText() {}

    /** {@return all exercises, as an array} */
    public static String list(Course course, Folder folder) throws Failure {
        Set<String> solved = folder.solved();
        String next = folder.next().map(Exercise::name).orElse("");
        List<Object> all = new ArrayList<>();
        for (Exercise exercise : course.exercises()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", exercise.name());
            fields.put("number", course.number(exercise));
            fields.put("teaches", exercise.teaches());
            fields.put("page", exercise.page());
            fields.put("file", folder.file(exercise).toString());
            fields.put("solved", solved.contains(exercise.name()));
            fields.put("next", exercise.name().equals(next));
            all.add(fields);
        }
        return MAPPER.writeValueAsString(all) + "\n";
    }

    /** {@return what came of checks, as an array} */
    public static String verdicts(Map<Exercise, Verdict> verdicts) {
        List<Object> all = new ArrayList<>();
        verdicts.forEach((exercise, verdict) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", exercise.name());
            fields.put("solved", verdict.isSolved());
            switch (verdict) {
                case Gone() -> fields.put("ended", "gone");
                case Refused(var complaints) -> {
                    fields.put("ended", "refused");
                    fields.put(
                            "complaints",
                            complaints.stream().map(JsonText::complaint).toList());
                }
                case Ran(var run) -> {
                    Ending ending = run.ending();
                    fields.put("ended", ending.kind().name().toLowerCase(Locale.ROOT));
                    fields.put("line", ending.line());
                    fields.put("message", ending.message());
                    fields.put("detail", ending.detail());
                    fields.put("printed", run.printed());
                }
            }
            all.add(fields);
        });
        return MAPPER.writeValueAsString(all) + "\n";
    }

    private static Map<String, Object> complaint(Complaint complaint) {
        return Map.of("id", complaint.id(), "line", complaint.line(), "text", complaint.text());
    }
}
