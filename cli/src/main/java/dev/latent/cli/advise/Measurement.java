package dev.latent.cli.advise;

import dev.latent.cli.Failure;
import dev.latent.cli.lab.Lab;
import dev.latent.cli.lab.Neighbours;
import dev.latent.cli.lab.Waiting;
import dev.latent.cli.lab.Waiting.Way;
import dev.latent.cli.lab.program.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Short measurements of what somebody has in mind: some seconds, by the lab's programs. */
public final class Measurement {
    private static final int MOST_WAITS = 10_000;
    private static final int MOST_FILES = 1_000;
    private static final int BLOCKS = 16;

    private final Lab lab;
    private final Situation at;
    private final List<String> notes = new ArrayList<>();

    /** Nothing is measured yet. */
    public Measurement(Lab lab, Situation at) {
        this.lab = lab;
        this.at = at;
    }

    /** {@return what could not be measured as it was asked, and why} */
    public List<String> notes() {
        return notes;
    }

    /** {@return how waits go here, null where there are none} */
    public @Nullable Figures waiting() throws Failure, InterruptedException {
        return switch (at.work()) {
            case COMPUTE -> null;
            case FILES -> files();
            case NETWORK, DB, MIXED -> waits();
        };
    }

    /** {@return how computing goes here, null where there is hardly any} */
    public @Nullable Figures computing() throws Failure, InterruptedException {
        return at.work() == Work.COMPUTE || at.work() == Work.MIXED ? computed() : null;
    }

    private Figures waits() throws Failure, InterruptedException {
        int most = (int) Math.min(MOST_WAITS, Waiting.most(lab));
        int n = Math.clamp(at.waits(), 1, most);
        int millis = Math.clamp(at.waiting().toMillis(), 1, 100);
        if (n < at.waits()) {
            notes.add("measured with %,d waits at once, not %,d: %s"
                    .formatted(
                            n,
                            at.waits(),
                            most < MOST_WAITS
                                    ? "a process may have " + lab.openFiles() + " files open"
                                    : "they say enough"));
        }
        if (millis != Math.round(Situation.millis(at.waiting()))) {
            notes.add("measured with waits of %d ms".formatted(millis));
        }
        List<Way> ways = new ArrayList<>(List.of(Waiting.ONE_BY_ONE));
        ways.addAll(Waiting.AT_ONCE);
        List<Figures.Row> rows = new ArrayList<>();
        try (Waiting waiting = Waiting.begin(lab)) {
            for (Way way : ways) {
                lab.progress().now("measuring %,d waits of %d ms: %s".formatted(n, millis, way.shown()));
                JsonNode said =
                        waiting.run(way, way.equals(Waiting.ONE_BY_ONE) ? 1 : n, millis, Math.max(500, 10 * millis));
                if (said.has("failure")) {
                    notes.add(way.shown() + ": " + said.path("failure").asString());
                } else {
                    rows.add(new Figures.Row(way.shown(), Waiting.figures(said)));
                }
            }
        }
        return new Figures("%,d waits of %d ms at once".formatted(n, millis), head(Waiting.HEAD), rows);
    }

    private Figures files() throws Failure, InterruptedException {
        int n = Math.clamp(at.waits(), 1, MOST_FILES);
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("one after the other", "one-by-one");
        ways.put("threads, 2 for each core", "threads");
        ways.put(Waiting.LATENT.shown(), "latent-all");
        List<Figures.Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> way : ways.entrySet()) {
            lab.progress().now("measuring %,d files at once: %s".formatted(n, way.getKey()));
            JsonNode said = lab.figures(Reading.class, way.getValue(), n, 1_000);
            rows.add(new Figures.Row(
                    way.getKey(),
                    List.of(
                            said.path("files_per_second").asDouble(),
                            said.path("cpu_us_per_file").asDouble())));
        }
        return new Figures(
                "files of 16 kB from the page cache, %,d at once".formatted(n),
                List.of("way", "files/s", "CPU µs each"),
                rows);
    }

    private Figures computed() throws Failure, InterruptedException {
        List<Figures.Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> way : Neighbours.ways().entrySet()) {
            lab.progress().now("measuring computing: " + way.getValue());
            rows.add(new Figures.Row(way.getValue(), Neighbours.figures(Neighbours.run(lab, way.getKey(), BLOCKS))));
        }
        return new Figures(Neighbours.TITLE, head(Neighbours.HEAD), rows);
    }

    private static List<String> head(List<String> figures) {
        List<String> head = new ArrayList<>(List.of("way"));
        head.addAll(figures);
        return head;
    }
}
