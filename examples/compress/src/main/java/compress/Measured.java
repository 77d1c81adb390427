package compress;

import compress.Comparison.Row;
import dev.latent.cli.Failure;
import dev.latent.cli.bench.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a command whose output is counted and thrown away. */
final class Measured {
    /** The shell knows what processor time its children took, to the hundredth of a second, however they are made. */
    private static final String SCRIPT = "\"$@\" | wc -c; times";

    /** Lines that it ends with: bytes, the shell's own times, those of its children; what is told before is progress. */
    private static final int SAID = 3;

    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final double NANOS = 1e9;
    private static final int MINUTE = 60;

    private Measured() {}

    static Row run(Children children, String name, List<String> command) throws Failure, InterruptedException {
        List<String> all = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
        all.addAll(command);
        Peak peak = new Peak();
        Thread watch = Thread.ofPlatform().daemon().start(peak);
        long began = System.nanoTime();
        List<String> lines = children.run(all);
        double seconds = (System.nanoTime() - began) / NANOS;
        watch.interrupt();
        watch.join();
        Matcher times = TIMES.matcher(lines.getLast());
        String written =
                lines.size() < SAID ? "" : lines.get(lines.size() - SAID).strip();
        if (!times.matches() || !written.matches("\\d+") || written.equals("0")) {
            throw new Failure(name + ": " + String.join(" ", lines));
        }
        double cpu = Double.parseDouble(times.group(1)) * MINUTE
                + Double.parseDouble(times.group(2))
                + Double.parseDouble(times.group(3)) * MINUTE
                + Double.parseDouble(times.group(4));
        return new Row(name, seconds, cpu, peak.most, Long.parseLong(written));
    }

    /** The most memory that any child of this process has ever had, as long as it is looked at. */
    private static final class Peak implements Runnable {
        private volatile long most;

        @Override
        public void run() {
            try {
                while (true) {
                    ProcessHandle.current()
                            .descendants()
                            .forEach(child ->
                                    most = Math.max(most, Run.peakMemory(Path.of("/proc/" + child.pid() + "/status"))));
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException e) {
                // it has ended
            }
        }
    }
}
