package dev.latent.cli.advise;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Child;
import dev.latent.cli.lab.Lab;
import dev.latent.cli.lab.program.Computing;
import dev.latent.cli.lab.program.Reading;
import dev.latent.cli.lab.program.WaitService;
import dev.latent.cli.lab.program.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Short measurements of what somebody has in mind: some seconds, by the lab's programs. */
public final class Measurement {
    private static final int ADDRESSES = 4;
    private static final int MOST_WAITS = 10_000;
    private static final int MOST_FILES = 1_000;
    private static final int BLOCKS = 16;

    /** Files that a process has open beside its connections. */
    private static final int OTHER_FILES = 500;

    private static final Duration START = Duration.ofSeconds(20);

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
        int most = (int) Math.min(MOST_WAITS, lab.openFiles() - OTHER_FILES);
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
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("one after the other", "one-by-one");
        ways.put(Figures.THREADS, "threads");
        ways.put("a virtual thread for each", "virtual-threads");
        ways.put("Latent, one thread", "latent-one");
        ways.put(Figures.LATENT, "latent-all");
        List<Figures.Row> rows = new ArrayList<>();
        try (Child service = lab.start(WaitService.class, ADDRESSES)) {
            int port = Integer.parseInt(
                    service.line(line -> line.startsWith("ready "), START).substring("ready ".length()));
            for (Map.Entry<String, String> way : ways.entrySet()) {
                lab.progress().now("measuring %,d waits of %d ms: %s".formatted(n, millis, way.getKey()));
                boolean isAlone = way.getValue().equals("one-by-one");
                JsonNode said = lab.figures(
                        Waits.class,
                        way.getValue(),
                        isAlone ? 1 : n,
                        millis,
                        port,
                        ADDRESSES,
                        Math.max(500, 10 * millis));
                if (said.has("failure")) {
                    notes.add(way.getKey() + ": " + said.path("failure").asString());
                } else {
                    rows.add(row(
                            way.getKey(),
                            said,
                            "answers_per_second",
                            "p50_ms",
                            "p99_ms",
                            "cpu_us_per_answer",
                            "rss_mb"));
                }
            }
        }
        return new Figures(
                "%,d waits of %d ms at once".formatted(n, millis),
                List.of("way", "answers/s", "p50 ms", "p99 ms", "CPU µs each", "RSS MB"),
                rows);
    }

    private Figures files() throws Failure, InterruptedException {
        int n = Math.clamp(at.waits(), 1, MOST_FILES);
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("one after the other", "one-by-one");
        ways.put("threads, 2 for each core", "threads");
        ways.put(Figures.LATENT, "latent-all");
        List<Figures.Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> way : ways.entrySet()) {
            lab.progress().now("measuring %,d files at once: %s".formatted(n, way.getKey()));
            JsonNode said = lab.figures(Reading.class, way.getValue(), n, 1_000);
            rows.add(row(way.getKey(), said, "files_per_second", "cpu_us_per_file"));
        }
        return new Figures(
                "files of 16 kB from the page cache, %,d at once".formatted(n),
                List.of("way", "files/s", "CPU µs each"),
                rows);
    }

    private Figures computed() throws Failure, InterruptedException {
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("a loop on a thread", "sequential");
        ways.put("threads, all cores", "fork-join");
        ways.put("async tasks, one thread", "async-one");
        ways.put("async tasks, all cores", "async-all");
        ways.put("an async task that awaits compute(…)", "async-compute");
        List<Figures.Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> way : ways.entrySet()) {
            lab.progress().now("measuring computing: " + way.getKey());
            JsonNode said = lab.figures(Computing.class, way.getValue(), BLOCKS);
            rows.add(row(way.getKey(), said, "blocks_per_second", "late_p50_ms", "late_p99_ms", "late_max_ms"));
        }
        return new Figures(
                "hash and compress blocks of 1 MB; beside it somebody wants to be woken every 2 ms",
                List.of("way", "blocks/s", "woken late, p50 ms", "p99 ms", "most ms"),
                rows);
    }

    private static Figures.Row row(String way, JsonNode said, String... figures) {
        return new Figures.Row(
                way,
                List.of(figures).stream()
                        .map(figure -> said.path(figure).asDouble())
                        .toList());
    }
}
