package dev.latent.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with this one's class path, that is told words and tells lines. */
public final class Child implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts {@code main} in a JVM of its own, with this one's class path. */
    public static Child start(String name, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // One heap of malloc's per thread would be measured as if connections needed it.
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Child(name, process);
    }

    /** {@return the next line} */
    public String line() throws IOException, Failure {
        String line = out.readLine();
        if (line == null) {
            throw new Failure("the " + name + " ended early, see above");
        }
        return line;
    }

    /** {@return what follows {@code word} in the next line} */
    public String line(String word) throws IOException, Failure {
        String line = line();
        if (!line.startsWith(word + " ")) {
            throw new Failure("the " + name + " said \"" + line + "\" instead of " + word);
        }
        return line.substring(word.length() + 1);
    }

    /** Says {@code word} to it. */
    public void tell(String word) throws IOException {
        in.write(word + "\n");
        in.flush();
    }

    /** {@return its memory in kB as the system counts it, 0 where that can't be asked} */
    public long rssKb() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** {@return the CPU time it has used, in seconds; 0 where that can't be asked} */
    public double cpuSeconds() {
        return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
    }

    /** {@return whether it runs} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it, without a word (SIGKILL where there are signals), and waits until it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                tell("stop");
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }
}
