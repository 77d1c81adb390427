package merge.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With processes that do nothing, for hours. */
@Timeout(60)
class RunTest {
    private static Process forHours() throws IOException {
        return new ProcessBuilder("sleep", "7200").start();
    }

    private static long start(Process process) {
        return process.info().startInstant().orElseThrow().toEpochMilli();
    }

    @Test
    void closingEndsAllAndLeavesNothing(@TempDir Path temp) throws Exception {
        Run run = Run.begin();
        Process process = run.begin(new ProcessBuilder("sh", "-c", "sleep 7200 & sleep 7200"), Run.Signal.KILL);
        Process asked = run.begin(new ProcessBuilder("sleep", "7200"), Run.Signal.QUIT);
        Path half = run.halfMade(temp, "half");
        Files.writeString(half.resolve("file"), "x");
        Files.writeString(run.folder().resolve("file"), "x");
        run.close();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertTrue(asked.waitFor(10, TimeUnit.SECONDS));
        assertFalse(Files.exists(run.folder()));
        assertFalse(Files.exists(half));
        assertThrows(Failure.class, () -> run.begin(new ProcessBuilder("sleep", "7200"), Run.Signal.KILL));
    }

    @Test
    void whatAKilledRunHasLeftIsClearedAway(@TempDir Path temp) throws Exception {
        Process owner = forHours();
        Process left = forHours();
        Process another = forHours();
        try {
            Path folder =
                    Files.createDirectories(temp.resolve("latent-merge-1/data")).getParent();
            Path half = Files.createDirectories(temp.resolve("half"));
            Files.write(
                    folder.resolve("left"),
                    List.of(
                            owner.pid() + " " + start(owner) + " KILL",
                            left.pid() + " " + start(left) + " QUIT",
                            another.pid() + " " + (start(another) - 1_000) + " KILL", // its number has come again
                            "folder " + half));
            Run.clear(temp, Files.getOwner(temp));
            assertTrue(Files.exists(folder)); // it has an owner
            assertTrue(left.isAlive());
            owner.destroyForcibly().waitFor();
            Run.clear(temp, Files.getOwner(temp));
            assertFalse(Files.exists(folder));
            assertFalse(Files.exists(half));
            assertTrue(left.waitFor(10, TimeUnit.SECONDS));
            assertTrue(another.isAlive());
        } finally {
            List.of(owner, left, another).forEach(Process::destroyForcibly);
        }
    }

    /** Everybody may write into the place for temporary folders. */
    @Test
    void whatSomebodyElseSaysIsToBeClearedAwayStays(@TempDir Path temp) throws Exception {
        Process killed = forHours();
        String line = killed.pid() + " " + start(killed) + " KILL";
        killed.destroyForcibly().waitFor();
        Path precious = Files.createDirectories(temp.resolve("precious"));
        Path folder = Files.createDirectories(temp.resolve("latent-merge-1"));
        Files.write(folder.resolve("left"), List.of(line, "folder " + precious));
        UserPrincipal another = () -> "somebody else";
        Run.clear(temp, another);
        assertTrue(Files.exists(precious));
        assertTrue(Files.exists(folder));
        Run.clear(temp, Files.getOwner(temp));
        assertFalse(Files.exists(precious));
    }

    @Test
    void aServerThatDoesNotStartSaysWhatItsLogSays() throws Exception {
        try (Run run = Run.begin()) {
            Server server = new Server("mariadb", run, Run.Signal.KILL);
            Failure failure = assertThrows(
                    Failure.class,
                    () -> server.start(
                            List.of("sh", "-c", "echo first; for i in 1 2 3 4 5; do echo line $i; done"), "ready"));
            assertEquals(
                    "mariadb did not start; its log ends with: line 1 | line 2 | line 3 | line 4 | line 5 (or give one of yours by --mariadb)",
                    failure.getMessage());
        }
    }
}
