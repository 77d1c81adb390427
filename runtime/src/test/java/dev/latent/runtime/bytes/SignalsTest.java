package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Source;
import dev.latent.io.Signal;
import dev.latent.io.Signals;
import dev.latent.runtime.Latent;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class SignalsTest {
    private static void kill(Signal signal) throws Exception {
        Process kill = new ProcessBuilder(
                        "kill",
                        "-" + signal.name(),
                        String.valueOf(ProcessHandle.current().pid()))
                .inheritIO()
                .start();
        assertEquals(0, kill.waitFor());
    }

    /** A process that was started to ignore SIGHUP, by {@code nohup} for instance, is never told of it: that is what was wanted. */
    @BeforeAll
    static void hangUpIsHeard() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            String ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .findFirst()
                    .orElse("0");
            boolean isIgnored = ignored.strip().matches(".*[13579bdf]"); // SIGHUP is the first
            assumeFalse(isIgnored, "SIGHUP is ignored here, as nohup does: run the tests without it");
        }
    }

    @Test
    void theProcessIsToldAndGoesOn() throws Exception {
        Signals signals = Latent.system().capability(Signals.class);
        try (Source<Signal> first = signals.listen(Set.of(Signal.HUP, Signal.TERM));
                Source<Signal> second = signals.listen(Set.of(Signal.HUP))) {
            kill(Signal.HUP);
            kill(Signal.HUP);
            kill(Signal.TERM);
            Set<Signal> heard = EnumSet.noneOf(Signal.class);
            int[] n = {0};
            Latent.blockOn(async(() -> {
                while (heard.size() < 2 && await(first.next()) instanceof Item(var signal)) {
                    heard.add(signal);
                    n[0]++;
                }
                assertEquals(new Item<>(Signal.HUP), await(second.next()));
            }));
            assertTrue(n[0] >= 2);
        }
    }

    @Test
    void aStreamListensFromWhenItIsAskedUntilItIsClosed() throws Exception {
        try (Source<Signal> guard = Latent.system().capability(Signals.class).listen(Set.of(Signal.HUP))) {
            Future<List<Signal>> two = Signals.of(Signal.HUP).take(2).toList();
            Future<Void> kills = async(() -> {
                await(yieldNow());
                for (int i = 0; i < 2; i++) {
                    kill(Signal.HUP);
                    await(guard.next()); // two that are not told apart yet would be one
                }
            });
            assertEquals(
                    List.of(Signal.HUP, Signal.HUP),
                    Latent.blockOn(join(two, kills)).first());
        }
    }

    /** Run by another JVM. */
    static final class Listens {
        private Listens() {}

        public static void main(String[] args) {
            try {
                Latent.system().capability(Signals.class).listen(Set.of(Signal.TERM));
                System.out.println("listens");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String runJvm(String... flags) throws Exception {
        String classes = String.join(
                File.pathSeparator,
                List.of(place(Listens.class), place(Latent.class), place(Signals.class), place(Future.class)));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", classes, Listens.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Test
    void aJvmThatLeavesThemToTheSystemIsToldSo() throws Exception {
        assertEquals("listens", runJvm());
        assertEquals(
                "this JVM does not let a program listen for SIGTERM: it was started with -Xrs, which leaves signals to the system,"
                        + " or the system has no such signal",
                runJvm("-Xrs"));
    }
}
