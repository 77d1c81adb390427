package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell script that builds what is missing, in a repository that has nothing, with a Maven that only fails. */
class LauncherTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("latent.examples", "../examples")).resolveSibling("latent");

    @TempDir
    Path folder;

    /** Where the script looks for tools; what is usual, if null. */
    private @Nullable String path;

    @Test
    void aLockThatNamesTheVeryProcessIsLeftOver() throws Exception {
        hideFlock();
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoAtOnceOneBuildsAndTheOtherWaits(boolean flock) throws Exception {
        setUpTools(flock);
        Process first = launch("exec /bin/sh ./latent --version");
        until("began");
        Process second = launch("exec /bin/sh ./latent --version");
        BufferedReader told = second.errorReader();
        assertEquals("waiting for another start of Latent to finish its build…", told.readLine());
        Files.writeString(folder.resolve("go"), "");
        Latent.Ended built = Latent.end(first);
        assertEquals(0, built.code(), built.err());
        assertTrue(built.out().contains("java found its jar"), built.out());
        Latent.Ended waited = Latent.end(second);
        assertEquals(0, waited.code(), waited.err());
        assertTrue(waited.out().contains("java found its jar"), waited.out());
        assertEquals(List.of("mvn"), Files.readAllLines(folder.resolve("builds")));
        assertNothingLocked();
    }

    /** As a lab is, whose programs are JVMs that it starts from the same jars. */
    @Test
    void whatRunsKeepsItsJarsWhileAnotherBuilds() throws Exception {
        setUpTools(true);
        Path cli = jar("cli/target/latent-cli/cli.jar");
        Object before = Files.readAttributes(cli, "fileKey").toString();
        Process building = launch("exec /bin/sh ./latent merge");
        until("began");
        assertTrue(Files.exists(cli));
        Files.writeString(folder.resolve("go"), "");
        assertEquals(0, Latent.end(building).code());
        assertEquals(before, Files.readAttributes(cli, "fileKey").toString(), "its own sources had not changed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBuildThatWasInterruptedIsDoneAgain(boolean flock) throws Exception {
        setUpTools(flock);
        Process first = launch("exec setsid /bin/sh ./latent --version");
        until("began");
        assertEquals(
                0,
                new ProcessBuilder("kill", "-TERM", "--", "-" + first.pid())
                        .start()
                        .waitFor());
        assertEquals(143, Latent.end(first).code());
        Files.delete(folder.resolve("began"));
        assertFalse(Files.exists(folder.resolve("cli/target/latent-cli")), "half a build is none");
        Files.writeString(folder.resolve("go"), "");
        Latent.Ended second = Latent.end(launch("exec /bin/sh ./latent --version"));
        assertEquals(0, second.code(), second.err());
        assertFalse(second.err().contains("waiting"), second.err());
        assertEquals(2, Files.readAllLines(folder.resolve("builds")).size());
        assertNothingLocked();
    }

    /** Killed alone, a start leaves its Maven at work: nobody else builds meanwhile. */
    @Test
    void aMavenThatOutlivesItsStartKeepsTheLock() throws Exception {
        setUpTools(true);
        Process first = launch("exec /bin/sh ./latent --version");
        until("began");
        first.destroyForcibly().waitFor();
        Process second = launch("exec /bin/sh ./latent --version");
        BufferedReader told = second.errorReader();
        assertEquals("waiting for another start of Latent to finish its build…", told.readLine());
        Files.writeString(folder.resolve("go"), "");
        assertEquals(0, Latent.end(second).code());
        assertNothingLocked();
    }

    private void assertNothingLocked() throws IOException {
        assertFalse(Files.exists(folder.resolve(".latent-lock"), LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(folder.resolve("cli/target/latent-cli.new")));
    }

    private void until(String file) throws InterruptedException {
        for (int tries = 0; !Files.exists(folder.resolve(file)); tries++) {
            assertTrue(tries < 3_000, file);
            Thread.sleep(10);
        }
    }

    /** A Maven that begins, waits for the file {@code go} and writes the jars, and a Java that only looks for its jars. */
    private void setUpTools(boolean flock) throws Exception {
        Path tools = Files.createDirectory(folder.resolve("bin"));
        executable(tools.resolve("mvn"), """
                #!/bin/sh
                echo mvn >>builds
                for word; do case $word in -Dlatent.app=*) app=${word#*=} ;; esac; done
                mkdir -p "$app" examples/merge/target
                echo half >"$app/cli.jar"
                : >began
                tries=0
                until [ -f go ]; do
                    sleep 0.02
                    tries=$((tries + 1))
                    [ $tries -lt 1500 ] || exit 1
                done
                echo jar >"$app/cli.jar"
                echo jar >examples/merge/target/merge.jar
                """);
        Path java = folder.resolve("jdk/bin");
        Files.createDirectories(java);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        executable(java.resolve("javac"), "#!/bin/sh\n");
        executable(java.resolve("java"), """
                #!/bin/sh
                [ "$(cat cli/target/latent-cli/cli.jar)" = jar ] && echo java found its jar
                """);
        if (!flock) {
            hideFlock();
        }
        copyScript();
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    /** From now on the script's {@code PATH} has everything but {@code flock}. */
    private void hideFlock() throws IOException {
        Path tools = folder.resolve("bin");
        Files.createDirectories(tools);
        for (String from : List.of("/usr/bin", "/bin")) {
            try (Stream<Path> all = Files.list(Path.of(from))) {
                for (Path tool : (Iterable<Path>) all::iterator) {
                    Path link = tools.resolve(tool.getFileName());
                    if (!link.endsWith("flock") && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, tool);
                    }
                }
            }
        }
        path = tools.toString();
    }

    private void copyScript() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(SCRIPT));
        Files.copy(SCRIPT, folder.resolve("latent"));
        Files.createDirectories(folder.resolve("cli/target"));
    }

    private Process launch(String command) throws IOException {
        ProcessBuilder start = new ProcessBuilder("/bin/sh", "-c", command).directory(folder.toFile());
        start.environment().put("PATH", path != null ? path : folder.resolve("bin") + ":" + System.getenv("PATH"));
        start.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        return start.start();
    }

    private Path jar(String name) throws IOException {
        Path jar = folder.resolve(name);
        Files.createDirectories(jar.resolveSibling("."));
        return Files.writeString(jar, "jar\n");
    }

    /** Runs that by a shell in the folder, where the script is and a Maven that fails. */
    private Latent.Ended start(String command) throws Exception {
        copyScript();
        Path maven = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
        Files.deleteIfExists(maven);
        executable(maven, "#!/bin/sh\nexit 1\n");
        Files.createSymbolicLink(folder.resolve("jdk"), Path.of(System.getProperty("java.home")));
        return Latent.end(launch(command));
    }
}
