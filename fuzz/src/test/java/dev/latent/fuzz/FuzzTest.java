package dev.latent.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs the targets under Jazzer, each in a process of its own: by default a few seconds together, in one process, else as many inputs of each as {@code -Dlatent.fuzz} says.
 */
final class FuzzTest {
    private static final int SECONDS = 20;
    private static final Pattern END = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    @Test
    void nothingIsFound() throws Exception {
        String asked = System.getProperty("latent.fuzz", "").strip();
        if (asked.isEmpty()) {
            long runs = run(Targets.class, List.of("-max_total_time=" + SECONDS, "-max_len=400"));
            assertTrue(runs > 10L * Targets.ALL.size(), "only " + runs + " inputs");
            return;
        }
        String chosen = System.getProperty("latent.fuzz.targets", "").strip();
        for (Class<?> target : Targets.ALL) {
            if (chosen.isEmpty() || List.of(chosen.split(",")).contains(target.getSimpleName())) {
                long runs = run(target, List.of("-runs=" + Long.parseLong(asked), "-max_len=400"));
                assertEquals(Long.parseLong(asked), runs, target.getSimpleName());
            }
        }
    }

    /** {@return how many inputs it was given} */
    private static long run(Class<?> target, List<String> options) throws IOException, InterruptedException {
        Path out = Path.of(System.getProperty("latent.fuzz.out")).resolve(target.getSimpleName());
        Path corpus = Files.createDirectories(out.resolve("corpus"));
        Path seeds = Files.createDirectories(out.resolve("seeds"));
        int n = 0;
        for (byte[] seed : Targets.seeds(target)) {
            Files.write(seeds.resolve("seed" + n++), seed);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:MaxJavaStackTraceDepth=32",
                "-XX:+UseSerialGC",
                "-XX:-UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.latent.web.**:dev.latent.io.**:io.netty.handler.codec.**",
                "--custom_hook_includes=dev.latent.none.**",
                "--reproducer_path=" + out,
                "-artifact_prefix=" + out + "/",
                "-timeout=60"));
        command.addAll(options);
        command.addAll(List.of(corpus.toString(), seeds.toString()));
        Path log = out.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .directory(out.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this is ended first
        int status = process.waitFor();
        String said = Files.readString(log);
        assertEquals(0, status, said);
        Matcher end = END.matcher(said);
        assertTrue(end.find(), said);
        System.out.println("fuzz: " + target.getSimpleName() + ": " + end.group());
        return Long.parseLong(end.group(1));
    }
}
