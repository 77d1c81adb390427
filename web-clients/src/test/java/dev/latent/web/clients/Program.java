package dev.latent.web.clients;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A program in another language, in a process of its own. What it sees it tells on its standard output, a fact on each line, {@code name: value}; it is to end when its
 * standard input does.
 */
final class Program implements AutoCloseable {
    private static final String SCRIPT = "tools/install-clients";
    private static final Path INSTALLED = Path.of("..", ".clients");
    private static final Path PROGRAMS = Path.of("src", "test", "programs");

    private final List<String> command;
    private final Process process;
    private final BufferedReader output;
    private final CompletableFuture<String> errors;

    private Program(List<String> command) throws IOException {
        this.command = command;
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONUNBUFFERED", "1");
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment()
                .put(
                        "NODE_PATH",
                        INSTALLED
                                .resolve("node", "node_modules")
                                .toAbsolutePath()
                                .toString());
        builder.environment().keySet().removeIf(name -> name.toLowerCase(Locale.ROOT)
                .endsWith("_proxy"));
        process = builder.start();
        output = process.inputReader(StandardCharsets.UTF_8);
        errors = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                work -> Thread.ofVirtual().start(work));
    }

    /** {@return a program of {@code src/test/programs}, in Python} */
    static Program python(String file, Object... arguments) throws IOException {
        return start(installed(SCRIPT, INSTALLED.resolve("python", "bin", "python")), file, arguments);
    }

    /** {@return a program of {@code src/test/programs}, in JavaScript} */
    static Program node(String file, Object... arguments) throws IOException {
        installed(SCRIPT, INSTALLED.resolve("node", "node_modules"));
        return start(onPath("node", SCRIPT), file, arguments);
    }

    static Program curl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(onPath("curl", SCRIPT).toString(), "--silent", "--show-error"));
        command.addAll(List.of(arguments));
        return new Program(command);
    }

    private static Program start(Path interpreter, String file, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(interpreter.toString(), PROGRAMS.resolve(file).toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return new Program(command);
    }

    /** {@return the program of that name} Where it is missing the test is skipped, but not in continuous integration. */
    static Path onPath(String name, String script) {
        return installed(
                script,
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(Path.of(name)));
    }

    private static Path installed(String script, Path what) {
        if (!Files.exists(what)) {
            String why = "no " + what.getFileName() + "; " + script + " installs it";
            if (System.getenv("CI") != null) {
                throw new IllegalStateException(why);
            }
            System.err.println("skipped: " + why);
            Assumptions.abort(why);
        }
        return what;
    }

    /** {@return the value of the next fact, which is to be of that name} */
    String next(String name) throws Exception {
        String line = output.readLine();
        if (line == null || !line.startsWith(name + ": ")) {
            throw failure("said " + line + " instead of its " + name);
        }
        return line.substring(name.length() + 2);
    }

    /** Waits for the end, which is to be a good one; {@return all facts that are left} */
    Map<String, String> facts() throws Exception {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : text().split("\n")) {
            int colon = line.indexOf(": ");
            if (colon < 0 || facts.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
                throw failure("said no new fact: " + line);
            }
        }
        return facts;
    }

    /** Waits for the end, which is to be a good one; {@return all that it said} */
    String text() throws Exception {
        String all = end();
        if (process.exitValue() != 0) {
            throw failure("ended with " + process.exitValue() + " and " + all);
        }
        return all;
    }

    /** Waits for the end, until the test's time is up; {@return all that it said} */
    String end() throws Exception {
        CompletableFuture<String> all = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return output.readAllAsString();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                work -> Thread.ofVirtual().start(work));
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw failure("did not end, but said " + all.get());
        }
        return all.get();
    }

    /** Ends its input, and so a server. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    int status() {
        return process.exitValue();
    }

    /** Ends it as a person would, at once. */
    void kill() {
        process.destroyForcibly();
    }

    private AssertionError failure(String what) throws Exception {
        process.destroyForcibly();
        return new AssertionError(String.join(" ", command) + " " + what + "\n" + errors.get());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
