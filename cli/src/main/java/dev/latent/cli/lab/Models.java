package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is different: creation, dropping, runtime, cancellation, each asked of its own language. */
public final class Models implements Experiment {
    private static final String RECORDED = "lab/recorded.json";

    @Override
    public String name() {
        return "models";
    }

    @Override
    public String question() {
        return "Does it run before it is awaited? Does dropping stop it? Who drives it, how is it cancelled?";
    }

    @Override
    public String claim() {
        return "Elsewhere work runs at once and goes on when nobody wants it; Rust's and Latent's futures do nothing until they are polled, and end when they are dropped.";
    }

    /**
     * What one form of work did.
     *
     * @param date when, if that was not now
     */
    private record Form(
            String language, JsonNode said, @Nullable String date) {
        String name() {
            return language + " " + said.path("form").asString();
        }

        boolean isLazy() {
            return !said.path("ranBeforeAwait").asBoolean();
        }

        boolean isDroppable() {
            return said.path("ticksAfterDrop").asInt() == 0;
        }

        List<String> cells() {
            int ticks = said.path("ticksAfterDrop").asInt();
            long micros = said.path("microsToStop").asLong();
            JsonNode computes = said.path("computesOnMillis");
            return List.of(
                    name() + (date == null ? "" : " (recorded " + date + ")"),
                    isLazy() ? "no" : "yes",
                    ticks == 0 ? "stops" : "runs on",
                    said.path("cancelledBy").asString(),
                    micros < 0 ? "never" : "%,d µs".formatted(micros),
                    said.path("stoppedOnReturn").asBoolean() ? "yes" : "no",
                    computes.isNumber() ? computes.asLong() + " ms" : "–",
                    said.path("runner").asString());
        }
    }

    @Override
    public Findings run(Lab lab) throws Failure, InterruptedException {
        Findings findings = new Findings(this);
        List<Form> forms = new ArrayList<>();
        for (Language language : Language.values()) {
            forms.addAll(forms(lab, language, findings));
        }
        Grid grid = Grid.of(
                "each form of work, by its own program",
                "form",
                "runs before it is awaited",
                "dropped, it",
                "cancelled by",
                "its cleanup after",
                "at the call's return",
                "computing, it goes on",
                "driven by");
        forms.forEach(form -> grid.rows().add(form.cells()));
        findings.grids.add(grid);
        findings.verdict = verdict(forms);
        return findings;
    }

    private List<Form> forms(Lab lab, Language language, Findings findings) throws Failure, InterruptedException {
        String missing = lab.missing(language, this);
        if (missing == null) {
            lab.now(this, "asking " + language.shown);
            try {
                return asked(lab, language);
            } catch (Failure e) {
                lab.stopIfClosing();
                missing = e.getMessage();
            }
        }
        List<Form> recorded = recorded(lab, language);
        findings.notes.add(language.shown + ": " + missing + (recorded.isEmpty() ? "" : "; shown as recorded"));
        return recorded;
    }

    private static List<Form> asked(Lab lab, Language language) throws Failure, InterruptedException {
        List<Form> forms = new ArrayList<>();
        for (String line : lab.children().run(language.models(lab.plan()))) {
            if (line.startsWith("{")) {
                forms.add(new Form(language.shown, Program.parse(line), null));
            }
        }
        if (forms.isEmpty()) {
            throw new Failure("its program said nothing");
        }
        return forms;
    }

    private static String verdict(List<Form> forms) {
        String lazy = forms.stream().filter(Form::isLazy).map(Form::name).collect(Collectors.joining(", "));
        String both = forms.stream()
                .filter(form -> form.isLazy() && form.isDroppable())
                .map(Form::name)
                .collect(Collectors.joining(", "));
        String task = forms.stream()
                .filter(form -> !form.isLazy() && form.isDroppable())
                .map(Form::name)
                .collect(Collectors.joining(", "));
        return "Of %d forms of work these did nothing before they were awaited: %s. Of those, to drop it was to cancel it for: %s.%s"
                .formatted(
                        forms.size(),
                        lazy.isEmpty() ? "none" : lazy,
                        both.isEmpty() ? "none" : both,
                        task.isEmpty() ? "" : " Among running work, only this ended with its handle: " + task + ".");
    }

    // ---- what was recorded ------------------------------------------------------------------------------------------

    private static List<Form> recorded(Lab lab, Language language) throws Failure {
        Path file = lab.root().resolve(RECORDED);
        try {
            JsonNode all = Program.parse(Files.readString(file));
            String date = all.path("date").asString();
            return StreamSupport.stream(all.path(language.shown).spliterator(), false)
                    .map(said -> new Form(language.shown, said, date))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Writes what all languages say now, for those who lack one. */
    public static void record(Lab lab) throws Failure, InterruptedException {
        Models models = new Models();
        ObjectNode all = JsonMapper.shared()
                .createObjectNode()
                .put("date", LocalDate.now().toString());
        Map<String, String> missing = new LinkedHashMap<>();
        for (Language language : Language.values()) {
            String why = lab.missing(language, models);
            if (why != null) {
                missing.put(language.shown, why);
                continue;
            }
            lab.now(models, "asking " + language.shown);
            var list = all.putArray(language.shown);
            asked(lab, language).forEach(form -> list.add(form.said));
        }
        if (!missing.isEmpty()) {
            throw new Failure("cannot record, since some are missing: " + missing);
        }
        try {
            Files.writeString(
                    lab.root().resolve(RECORDED),
                    JsonMapper.builder()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .build()
                                    .writeValueAsString(all) + "\n");
        } catch (IOException e) {
            throw new Failure("cannot write " + RECORDED + ": " + e.getMessage());
        }
    }
}
