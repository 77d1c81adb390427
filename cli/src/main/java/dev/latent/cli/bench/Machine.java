package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and when something was measured.
 *
 * @param load the machine's load average when it began, negative where that can't be asked
 */
public record Machine(
        String cpu, int cores, long memoryMb, String kernel, String jdk, String date, String commit, double load) {
    /** A load for each core from which on figures are hardly worth having. */
    private static final double BUSY = 0.3;

    /** {@return this one, now; {@code children} run in the repository} */
    public static Machine now(Children children) throws InterruptedException {
        return new Machine(
                field(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                megabytes(field(Path.of("/proc/meminfo"), "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                commit(children),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** {@return whether its figures are hardly worth having} */
    public boolean isBusy() {
        return load > BUSY * cores;
    }

    /** {@return a line about it, for people} */
    public String told() {
        return "%s, %d cores, %,d MB, %s, %s, commit %s, %s".formatted(cpu, cores, memoryMb, kernel, jdk, commit, date);
    }

    /** {@return all of it, by name} */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cpu", cpu);
        fields.put("cores", cores);
        fields.put("memory_mb", memoryMb);
        fields.put("kernel", kernel);
        fields.put("jdk", jdk);
        fields.put("date", date);
        fields.put("commit", commit);
        fields.put("load_average", load);
        return fields;
    }

    private static String field(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            // not Linux
        }
        return "unknown";
    }

    private static long megabytes(String kilobytes) {
        String digits = kilobytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) / 1024;
    }

    private static String commit(Children children) throws InterruptedException {
        try {
            String commit = last(children.run(List.of("git", "rev-parse", "--short=12", "HEAD")));
            boolean changed = !children.run(List.of("git", "status", "--porcelain", "--untracked-files=no"))
                    .isEmpty();
            return changed ? commit + ", changed" : commit;
        } catch (Failure e) {
            return "unknown";
        }
    }

    private static String last(List<String> lines) {
        return lines.isEmpty() ? "unknown" : lines.getLast();
    }
}
