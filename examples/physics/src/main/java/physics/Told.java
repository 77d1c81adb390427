package physics;

import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.bench.Page;
import dev.latent.cli.lab.Findings;
import dev.latent.cli.lab.Grid;
import dev.latent.cli.lab.JsonText;
import dev.latent.cli.lab.Lab;
import dev.latent.cli.lab.Plot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of the frames in each way: for a terminal, for programs, as a page. */
record Told(Map<Way, FrameTimes> all, String question, Machine machine) {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int COLUMNS = 60;
    private static final double PERIOD = FrameTimes.PERIOD / 1e6;
    private static final List<String> HEAD = List.of(
            "the loop is",
            "beside it",
            "frames",
            "missed",
            "missed %",
            "begun late, p50 ms",
            "p99 ms",
            "most ms",
            "done after, p50 ms",
            "p99 ms");

    private static List<String> row(Way way, FrameTimes times) {
        return List.of(
                way.loop,
                way.beside,
                "%,d".formatted(times.frames()),
                "%,d".formatted(times.missed()),
                String.format(Locale.ROOT, "%.2f", times.missedPercent()),
                Numbers.shown(times.latePercentile(50)),
                Numbers.shown(times.latePercentile(99)),
                Numbers.shown(times.latePercentile(100)),
                Numbers.shown(times.donePercentile(50)),
                Numbers.shown(times.donePercentile(99)));
    }

    private Grid grid() {
        return new Grid(
                question,
                HEAD,
                all.entrySet().stream()
                        .map(one -> row(one.getKey(), one.getValue()))
                        .toList());
    }

    String verdict() {
        FrameTimes thread = all.getOrDefault(Way.THREAD, new FrameTimes(0));
        FrameTimes busy = all.getOrDefault(Way.TASK_AMONG_BUSY, new FrameTimes(0));
        return String.format(
                Locale.ROOT,
                "On a thread of its own the loop missed %.2f %% of its frames, as a task among busy ones %.1f %%: %s",
                thread.missedPercent(),
                busy.missedPercent(),
                thread.missedPercent() <= 1 && busy.missedPercent() > thread.missedPercent()
                        ? "a deadline belongs on a thread."
                        : "this machine has no cores to spare, or the tasks beside it compute too little to be seen.");
    }

    /** {@return a table, and for each way a line whose columns are stretches of time: how long the slowest frame of each took} */
    String text() {
        StringBuilder text = new StringBuilder(grid().text()).append('\n');
        int width = Arrays.stream(Way.values())
                .mapToInt(way -> way.shown().length())
                .max()
                .orElse(0);
        all.forEach((way, times) -> text.append("  ")
                .append(way.shown())
                .repeat(' ', width - way.shown().length() + 2)
                .append(bars(times.done()))
                .append('\n'));
        text.append("  ")
                .repeat(' ', width + 2)
                .append("time runs to the right; █ is a frame of %.1f ms or more, missed\n\n".formatted(PERIOD));
        return text.append(verdict())
                .append("\n\n")
                .append(machine.told())
                .append('\n')
                .toString();
    }

    static String bars(double[] done) {
        StringBuilder bars = new StringBuilder();
        for (int column = 0; column < Math.min(COLUMNS, done.length); column++) {
            int from = column * done.length / Math.min(COLUMNS, done.length);
            int to = (column + 1) * done.length / Math.min(COLUMNS, done.length);
            double slowest = Arrays.stream(done, from, to).max().orElse(0);
            bars.append(BARS.charAt((int) Math.clamp(slowest / PERIOD * (BARS.length() - 1), 0, BARS.length() - 1)));
        }
        return bars.toString();
    }

    String json() {
        Plot plot = Plot.linear("done after a frame was due, ms", "frame");
        all.forEach((way, times) -> {
            double[] done = times.done();
            int[] numbers = times.numbers();
            for (int i = 0; i < done.length; i++) {
                plot.add(way.shown(), numbers[i], done[i]);
            }
        });
        Findings findings = new Findings(
                        "physics",
                        "Can a loop keep 60 frames a second as a task among others?",
                        "A game's physics is computing under a deadline: cooperative scheduling can bring jitter.")
                .with(grid(), plot, verdict());
        Map<String, Object> fields = JsonText.fields(List.of(findings), machine, false);
        fields.put(
                "ways",
                all.entrySet().stream()
                        .map(one -> figures(one.getKey(), one.getValue()))
                        .toList());
        return JsonText.write(fields);
    }

    private static Map<String, Object> figures(Way way, FrameTimes times) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("way", way.name().toLowerCase(Locale.ROOT));
        fields.put("frames", times.frames());
        fields.put("missed", times.missed());
        fields.put("missed_percent", times.missedPercent());
        fields.put("late_p50_ms", times.latePercentile(50));
        fields.put("late_p99_ms", times.latePercentile(99));
        fields.put("late_max_ms", times.latePercentile(100));
        fields.put("done_p50_ms", times.donePercentile(50));
        fields.put("done_p99_ms", times.donePercentile(99));
        return fields;
    }

    static String page(String json) {
        return Page.of(Lab.class, "Physics at 60 frames a second", json);
    }
}
