package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
        Latent.Ended ended = start("ln -s $$ .latent-lock && exec /bin/sh ./latent --version");
        assertTrue(ended.err().contains("latent: the build failed; the whole log is in "), ended.err());
        assertFalse(ended.err().contains("waiting"), ended.err());
        assertEquals(1, ended.code());
        assertFalse(Files.exists(folder.resolve(".latent-lock"), LinkOption.NOFOLLOW_LINKS));
    }

    /** One command's module takes nothing from another's, so that two in turn build each once. */
    @Test
    void aModuleThatIsBuiltLeavesTheOthers() throws Exception {
        Path cli = jar("cli/target/latent-cli/cli.jar");
        Path physics = jar("examples/physics/target/physics.jar");
        Path changed = jar("examples/merge/target/merge.jar");
        Path source = Files.createDirectories(folder.resolve("examples/merge/src/main"));
        Files.setLastModifiedTime(cli, FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH.plusSeconds(1)));
        Latent.Ended ended = start("exec /bin/sh ./latent compress --help");
        assertTrue(ended.err().contains("building Latent and what compress needs"), ended.err());
        assertTrue(Files.exists(physics));
        assertFalse(Files.exists(changed), "its source is newer than the last build");
    }

    private Path jar(String name) throws IOException {
        Path jar = folder.resolve(name);
        Files.createDirectories(jar.resolveSibling("."));
        return Files.writeString(jar, "");
    }

    /** Runs that by a shell in the folder, where the script is and a Maven that fails. */
    private Latent.Ended start(String command) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(SCRIPT));
        Files.copy(SCRIPT, folder.resolve("latent"));
        Files.createDirectories(folder.resolve("cli/target"));
        Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\nexit 1\n");
        assertTrue(maven.toFile().setExecutable(true));
        ProcessBuilder start = new ProcessBuilder("/bin/sh", "-c", command).directory(folder.toFile());
        start.environment().merge("PATH", "", (path, _) -> folder.resolve("bin") + ":" + path);
        start.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return Latent.end(start.start());
    }
}
