package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that builds what is missing, in a repository that has nothing, with a Maven that only fails. */
class LauncherTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("latent.examples", "../examples")).resolveSibling("latent");

    @TempDir
    Path folder;

    @Test
    void aLockThatNamesTheVeryProcessIsLeftOver() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(SCRIPT));
        Files.copy(SCRIPT, folder.resolve("latent"));
        Files.createDirectories(folder.resolve("cli/target"));
        Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\nexit 1\n");
        assertTrue(maven.toFile().setExecutable(true));
        ProcessBuilder start = new ProcessBuilder(
                        "/bin/sh", "-c", "ln -s $$ .latent-lock && exec /bin/sh ./latent --version")
                .directory(folder.toFile());
        start.environment().merge("PATH", "", (path, _) -> folder.resolve("bin") + ":" + path);
        start.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Latent.Ended ended = Latent.end(start.start());
        assertTrue(ended.err().contains("latent: the build failed; the whole log is in "), ended.err());
        assertFalse(ended.err().contains("waiting"), ended.err());
        assertEquals(1, ended.code());
        assertFalse(Files.exists(folder.resolve(".latent-lock"), LinkOption.NOFOLLOW_LINKS));
    }
}
