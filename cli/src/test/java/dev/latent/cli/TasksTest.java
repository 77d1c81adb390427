package dev.latent.cli;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent tasks}, on processes that hang. */
class TasksTest {
    /** A process to look into; it says a line when it hangs. */
    public static final class Hung {
        private static Future<Void> pause(int hours) {
            return async(() -> {
                await(sleep(ofHours(hours)));
            });
        }

        private static Future<Void> visitor() {
            return async(() -> {
                await(join(pause(1), pause(2)));
            });
        }

        /** A body that blocks the thread of all. */
        private static Future<Void> blocker() {
            return async(() -> {
                await(yieldNow());
                System.out.println("hangs");
                hold();
            });
        }

        private static void hold() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "waits" ->
                    dev.latent.runtime.Latent.blockOn(async(() -> {
                        try (var _ = spawn(visitor())) {
                            await(yieldNow());
                            System.out.println("hangs");
                            await(pause(3));
                        }
                    }));
                case "blocks" ->
                    dev.latent.runtime.Latent.blockOn(async(() -> {
                        try (var _ = spawn(visitor());
                                var _ = spawn(blocker())) {
                            await(pause(3));
                        }
                    }));
                case "loaders" -> {
                    for (int i = 0; i < 2; i++) {
                        load();
                    }
                    new CountDownLatch(1).await();
                }
                default -> {
                    System.out.println("hangs");
                    new CountDownLatch(1).await();
                }
            }
        }

        private static void load() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(part).toUri().toURL());
            }
            URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            Thread thread = new Thread(() -> {
                try {
                    loader.loadClass(Hung.class.getName())
                            .getMethod("main", String[].class)
                            .invoke(null, (Object) new String[] {"waits"});
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** One that knows nothing of Latent. */
    public static final class Plain {
        public static void main(String[] args) throws InterruptedException {
            System.out.println("hangs");
            new CountDownLatch(1).await();
        }
    }

    /** Hung, and how many lines it says before it is. */
    private static Process hung(String how, int lines, String... flags) throws IOException {
        return hung(Hung.class, how, lines, flags);
    }

    private static Process hung(Class<?> main, String how, int lines, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(flags));
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName(), how));
        Process process = new ProcessBuilder(command).redirectErrorStream(false).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (int i = 0; i < lines; i++) {
            assertEquals("hangs", out.readLine());
        }
        return process;
    }

    private static Latent.Ended look(Process process, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("tasks", Long.toString(process.pid())));
        arguments.addAll(Arrays.asList(more));
        return Latent.run(arguments.toArray(String[]::new));
    }

    private static void has(String text, String... lines) {
        for (String line : lines) {
            assertTrue(text.contains(line), line + " in\n" + text);
        }
    }

    @Test
    void showsEveryChainAndLeavesNoThread() throws Exception {
        Process process = hung("waits", 1);
        try {
            Path threads = Path.of("/proc/" + process.pid() + "/task");
            assertEquals(0, look(process).code()); // the JVM's own thread for it comes with the first
            int before = Files.exists(threads) ? threads.toFile().list().length : 0;
            Latent.Ended ended = look(process);
            assertEquals("", ended.err());
            has(
                    ended.out(),
                    "2 live tasks",
                    "join of 2",
                    "- sleep of PT1H",
                    "at dev.latent.cli.TasksTest$Hung.pause(TasksTest.java:",
                    "at dev.latent.cli.TasksTest$Hung.visitor(TasksTest.java:",
                    "sleep of PT3H");
            assertTrue((Files.exists(threads) ? threads.toFile().list().length : 0) <= before);
            JsonNode json = JsonMapper.shared().readTree(look(process, "--json").out());
            assertEquals(1, json.size());
            assertEquals(2, json.get(0).get("live").asInt());
            assertEquals(2, json.get(0).get("tasks").size());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void showsTheOthersWhereABodyBlocks() throws Exception {
        Process process = hung("blocks", 1);
        try {
            String out = look(process).out();
            has(
                    out,
                    "3 live tasks",
                    "TasksTest$Hung.blocker",
                    "polling",
                    "CountDownLatch.await",
                    "join of 2",
                    "sleep of PT3H");
            assertFalse(out.contains("could not be looked at"), out);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void findsLatentInEachClassLoader() throws Exception {
        Process process = hung("loaders", 2);
        try {
            String out = look(process).out();
            assertEquals(3, out.split("class loader ").length, out);
            assertEquals(3, out.split("2 live tasks").length, out);
            assertEquals(
                    2,
                    JsonMapper.shared().readTree(look(process, "--json").out()).size());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void saysWhyNot() throws Exception {
        Process idle = hung("without an executor", 1);
        try {
            Latent.Ended ended = look(idle);
            has(ended.err(), "latent tasks: process " + idle.pid() + " uses Latent, but has made no executor");
            assertEquals(1, ended.code());
            assertEquals(1, ended.err().strip().lines().count());
        } finally {
            idle.destroyForcibly().waitFor();
        }
        Process without = hung(Plain.class, "", 1);
        try {
            fails(
                    "process " + without.pid() + " does not use Latent; for its threads see jstack " + without.pid(),
                    look(without));
        } finally {
            without.destroyForcibly().waitFor();
        }
        fails(
                "there is no process " + without.pid() + "; latent tasks without a number lists those of Java",
                look(without));
        Process closed = hung("waits", 1, "-XX:+DisableAttachMechanism");
        try {
            Latent.Ended ended = look(closed);
            has(ended.err(), "latent tasks: process " + closed.pid(), "DisableAttachMechanism");
            assertEquals(1, ended.code());
            assertEquals(1, ended.err().strip().lines().count());
        } finally {
            closed.destroyForcibly().waitFor();
        }
        Process guarded = hung("waits", 1, "-XX:-EnableDynamicAgentLoading");
        try {
            Latent.Ended ended = look(guarded);
            has(ended.err(), "latent tasks: process " + guarded.pid() + " takes no guest", "EnableDynamicAgentLoading");
            assertEquals(1, ended.err().strip().lines().count());
        } finally {
            guarded.destroyForcibly().waitFor();
        }
    }

    @Test
    void isNoJava() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/maps")) && Files.exists(Path.of("/bin/sleep")));
        Process process = new ProcessBuilder("/bin/sleep", "1000").start();
        try {
            fails(
                    "process " + process.pid() + " is no Java; latent tasks without a number lists those that are",
                    look(process));
            assertTrue(process.isAlive());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void isNoNumber() throws Exception {
        Latent.Ended ended = Latent.run("tasks", "nope");
        assertEquals(
                "latent tasks: 'nope' is no number of a process; latent tasks without one lists those of Java",
                ended.err().strip());
        assertEquals(2, ended.code());
    }

    private static void fails(String line, Latent.Ended ended) {
        assertEquals("latent tasks: " + line, ended.err().strip());
        assertEquals(1, ended.code());
    }
}
