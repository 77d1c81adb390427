package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A javac that is too old for the weaver on its processor path; without a JDK 17 among this system's, it is left out. */
class OldJdkTest {
    private static final Path JDKS = Path.of("/usr/lib/jvm");

    @TempDir
    Path folder;

    private static Path javac17() throws IOException {
        if (Files.isDirectory(JDKS)) {
            try (Stream<Path> homes = Files.list(JDKS)) {
                for (Path home : homes.sorted().toList()) {
                    Path release = home.resolve("release");
                    if (Files.isExecutable(home.resolve("bin/javac"))
                            && Files.isReadable(release)
                            && Files.readString(release).contains("JAVA_VERSION=\"17")) {
                        return home.resolve("bin/javac");
                    }
                }
            }
        }
        Assumptions.abort("there is no JDK 17 in " + JDKS);
        throw new AssertionError();
    }

    @Test
    void saysInOneLineWhatItNeeds() throws Exception {
        Path file = Files.writeString(folder.resolve("Plain.java"), "class Plain {}\n");
        Process javac = new ProcessBuilder(List.of(
                        javac17().toString(),
                        "-d",
                        folder.toString(),
                        "-processorpath",
                        Javac.weaver(),
                        file.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertNotEquals(0, javac.waitFor());
        assertEquals(
                "Plain.java:1: error: Latent needs JDK 25 or newer, and this is javac of JDK 17: set JAVA_HOME, or the build's"
                        + " toolchain, to a newer one",
                said.lines().findFirst().orElseThrow().replaceFirst("^.*/", ""));
        assertTrue(said.stripTrailing().endsWith("1 error"), said);
    }
}
