package dev.latent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command as its users meet it: a process. */
final class Latent {
    private static final int LIMIT_SECONDS = 120;

    /** How it ended. */
    record Ended(int code, String out, String err) {}

    private Latent() {}

    static Process start(String... arguments) throws IOException {
        return start(Map.of(), List.of("-XX:TieredStopAtLevel=1"), arguments);
    }

    /** Its output goes to {@code file}. */
    static Process startInto(Path file, String... arguments) throws IOException {
        return builder(Map.of(), List.of("-XX:TieredStopAtLevel=1"), arguments)
                .redirectOutput(file.toFile())
                .start();
    }

    static Process start(Map<String, String> environment, List<String> flags, String... arguments) throws IOException {
        return builder(environment, flags, arguments).start();
    }

    private static ProcessBuilder builder(Map<String, String> environment, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.latent.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    static Ended run(String... arguments) throws Exception {
        return end(start(arguments));
    }

    /** {@return how it ends} */
    static Ended end(Process process) throws Exception {
        try {
            process.getOutputStream().close();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "still running: " + process.info().commandLine().orElse("?"));
            }
            return new Ended(process.exitValue(), out.get(), err.get());
        } finally {
            process.destroyForcibly();
        }
    }

    static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
