package dev.latent.cli.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiveCostsTest {
    @TempDir
    Path folder;

    @Test
    void asyncBodiesCompileWithoutTheWeaver() throws Exception {
        Path source = Files.writeString(folder.resolve("A.java"), """
                import static dev.latent.Async.*;
                class A {
                    dev.latent.Future<Integer> one() { return async(() -> 1); }
                }
                """);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "javac").toString(), "-d", folder.toString()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), source.toString()));
        command.addAll(FiveCosts.withoutProcessor(folder));
        // A process of its own: a compiler in this one finds the weaver on this one's class path.
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, javac.waitFor(), said);
    }
}
