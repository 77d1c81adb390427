package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The processes that were started here. When this process ends, however it is asked to, they end, with all that they have started. */
public final class Children implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final Set<Process> running = new HashSet<>();
    private final Thread hook = new Thread(this::killAll);
    private boolean closing;

    /** They will run in {@code folder}. */
    public Children(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts one; what it says on either stream is read line by line. */
    public Child start(List<String> command) throws Failure {
        return start(command, Map.of());
    }

    Child start(List<String> command, Map<String, String> environment) throws Failure {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        synchronized (this) {
            if (closing) {
                throw new Failure("interrupted");
            }
            try {
                Process process = builder.start();
                running.add(process);
                return new Child(this, Path.of(command.getFirst()), process);
            } catch (IOException e) {
                throw new Failure("cannot run " + command.getFirst() + ": " + e.getMessage());
            }
        }
    }

    /** {@return all that it says until it has ended well} */
    public List<String> run(List<String> command) throws Failure, InterruptedException {
        return run(command, Map.of());
    }

    List<String> run(List<String> command, Map<String, String> environment) throws Failure, InterruptedException {
        try (Child child = start(command, environment)) {
            child.closeInput();
            return child.toEnd(PATIENCE);
        }
    }

    /** {@return all that it says until it has ended, well or not} */
    public List<String> said(List<String> command, Map<String, String> environment)
            throws Failure, InterruptedException {
        try (Child child = start(command, environment)) {
            child.closeInput();
            return child.toItsEnd(PATIENCE);
        }
    }

    /** {@return the object that the command prints last} */
    public String json(List<String> command) throws Failure, InterruptedException {
        for (String line : run(command).reversed()) {
            if (line.startsWith("{")) {
                return line;
            }
        }
        throw new Failure("printed no figures");
    }

    /** {@return whether this process is ending} */
    public synchronized boolean isClosing() {
        return closing;
    }

    synchronized void ended(Process process) {
        running.remove(process);
    }

    private void killAll() {
        List<Process> all;
        synchronized (this) {
            closing = true;
            all = new ArrayList<>(running);
        }
        all.forEach(Children::kill);
    }

    /** Its children first: later nobody would know whose they are. */
    static void kill(Process process) {
        List<ProcessHandle> offspring = process.descendants().toList();
        process.destroyForcibly();
        offspring.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook runs
        }
    }

    /** {@return one line that says what went wrong, of all that a program has said} */
    static String reason(List<String> lines) {
        String said = lines.stream()
                .filter(line -> !line.isBlank() && !isNoise(line))
                .limit(2)
                .map(String::strip)
                .collect(Collectors.joining(" "));
        return said.length() <= 300 ? said : said.substring(0, 300) + "…";
    }

    private static boolean isNoise(@Nullable String line) {
        return line == null
                || line.matches(
                        "\\s+at .*|\\s*\\.\\.\\. \\d+ more|note: .*|WARNING: .*|Picked up .*|\\{.*|begin|ready");
    }
}
