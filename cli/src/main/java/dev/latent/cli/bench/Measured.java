package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one run of a command took whose output is counted and thrown away.
 *
 * @param cpuSeconds of all its processes and threads
 * @param peakMemory the most bytes of it that were resident, 0 where the system does not tell
 * @param written bytes of its output
 */
public record Measured(double seconds, double cpuSeconds, long peakMemory, long written) {
    /** The shell knows what processor time its children took, to the hundredth of a second, however they are made. */
    private static final String SCRIPT = "\"$@\" | wc -c; times";

    /** Lines that it ends with: bytes, the shell's own times, those of its children; what is told before is progress. */
    private static final int SAID = 3;

    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final double NANOS = 1e9;
    private static final int MINUTE = 60;
    private static final int KILO = 1024;

    /** {@return what it took; {@code name} is for what went wrong} */
    public static Measured of(Children children, String name, List<String> command)
            throws Failure, InterruptedException {
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
        return new Measured(seconds, cpu, peak.most, Long.parseLong(written));
    }

    /** {@return the most bytes of a process that were ever resident, 0 where the system does not tell or there is none; {@code self} is this one} */
    public static long peakMemory(String process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KILO;
                }
            }
        } catch (IOException e) {
            // it is not told, or the process has ended
        }
        return 0;
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
                            .forEach(child -> most = Math.max(most, peakMemory(child.pid() + "")));
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException e) {
                // it has ended
            }
        }
    }
}
