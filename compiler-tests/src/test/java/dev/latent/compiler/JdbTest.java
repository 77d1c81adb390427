package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's own debugger, as a process that is told what to do: it stops before and behind awaits, whether these suspend or not. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JdbTest {
    private static final String SOURCE = """
            import dev.latent.*;
            import dev.latent.Future;
            import static dev.latent.Async.*;
            public class Main {
                static boolean slow;
                static <T> Future<T> leaf(T value) {
                    return new Future<T>() {
                        boolean polled;
                        public Poll<T> poll(Context cx) {
                            if (polled || !slow) return Poll.ready(value);
                            polled = true;
                            cx.waker().wake();
                            return Poll.pending();
                        }
                        public void drop() {}
                    };
                }
                static Future<String> load(int n) {
                    return async(() -> {
                        String name = "n" + n;                // 1
                        String got = await(leaf("got"));      // 2
                        String loud = got + name;             // 3
                        for (int i = 0; i < 2; i++) {
                            int twice = 2 * i;                // 4
                            loud += await(leaf(twice));       // 5
                        }
                        return loud;                          // 6
                    });
                }
                public static void main(String[] args) throws Exception {
                    slow = args[0].equals("slow");
                    System.out.println(dev.latent.runtime.Latent.blockOn(load(3)));
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"fast", "slow"})
    void stopsBehindAwaits(String speed) throws Exception {
        try (Jdb jdb = Jdb.over(List.of("-g"), speed)) {
            for (int mark : List.of(1, 2, 3, 4, 5, 6)) {
                jdb.tell("stop at Main:" + line(mark), "Deferring breakpoint");
            }
            assertEquals(line(1), jdb.goOn("run"));
            String atFirst = jdb.locals();
            assertTrue(atFirst.contains("n = 3"), atFirst);
            assertEquals(line(2), jdb.goOn("cont"));
            assertTrue(jdb.locals().contains("name = \"n3\""));
            assertEquals(line(3), jdb.goOn("cont"));
            String behind = jdb.locals();
            assertTrue(behind.contains("name = \"n3\"") && behind.contains("got = \"got\""), behind);
            jdb.tell("where", "[1] Main.lambda$load$0 (Main.java:" + line(3) + ")");
            for (int i = 0; i < 2; i++) {
                assertEquals(line(4), jdb.goOn("cont"));
                String inLoop = jdb.locals();
                assertTrue(inLoop.contains("i = " + i) && inLoop.contains("loud = "), inLoop);
                assertEquals(line(5), jdb.goOn("cont"));
                assertTrue(jdb.locals().contains("twice = " + 2 * i));
            }
            assertEquals(line(6), jdb.goOn("cont"));
            assertTrue(jdb.locals().contains("loud = \"gotn302\""));
            jdb.tell("cont", "gotn302");
        }
    }

    /** As javac compiles if nobody asks for variables. */
    @ParameterizedTest
    @ValueSource(strings = {"fast", "slow"})
    void stopsWithoutVariables(String speed) throws Exception {
        try (Jdb jdb = Jdb.over(List.of(), speed)) {
            jdb.tell("stop at Main:" + line(3), "Deferring breakpoint");
            jdb.tell("stop at Main:" + line(4), "Deferring breakpoint");
            assertEquals(
                    List.of(line(3), line(4), line(4)), List.of(jdb.goOn("run"), jdb.goOn("cont"), jdb.goOn("cont")));
        }
    }

    /** Over awaits whose values are there, from line to line. */
    @Test
    void stepsOver() throws Exception {
        try (Jdb jdb = Jdb.over(List.of("-g"), "fast")) {
            jdb.tell("stop at Main:" + line(1), "Deferring breakpoint");
            List<Integer> lines = new ArrayList<>(List.of(jdb.goOn("run")));
            while (lines.getLast() != line(6)) {
                lines.add(jdb.goOn("next"));
            }
            int loop = line(4) - 1;
            assertEquals(
                    List.of(line(1), line(2), line(3), loop, line(4), line(5), loop, line(4), line(5), loop, line(6)),
                    lines);
        }
    }

    /** The thread leaves the body; with the machine excluded, and a breakpoint on the next line, that is where it stops. */
    @Test
    void stepsOverSuspension() throws Exception {
        try (Jdb jdb = Jdb.over(List.of("-g"), "slow")) {
            jdb.tell("stop at Main:" + line(2), "Deferring breakpoint");
            jdb.tell("stop at Main:" + line(3), "Deferring breakpoint");
            assertEquals(line(2), jdb.goOn("run"));
            jdb.tell("exclude java.*,javax.*,sun.*,com.sun.*,jdk.*,dev.latent.*,Main$async$*", "");
            assertEquals(line(3), jdb.goOn("next"));
        }
    }

    private static int line(int mark) {
        List<String> lines = SOURCE.lines().toList();
        return 1
                + IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).endsWith("// " + mark))
                        .findFirst()
                        .orElseThrow();
    }

    /** A running jdb. */
    private record Jdb(Process process, Writer in, Reader out) implements AutoCloseable {
        private static final Pattern STOPPED = Pattern.compile(
                "(?:Breakpoint hit|Step completed): [^\\n]* line=([\\d,]+) bci=\\d+\\s.*\\[1\\] $", Pattern.DOTALL);

        static Jdb over(List<String> options, String speed) throws IOException {
            Javac.Result result = Javac.compile(options, Map.of("Main", SOURCE));
            assertEquals(List.of(), result.errors());
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jdb")
                                    .toString(),
                            "-J-Duser.language=en",
                            "-classpath",
                            result.classes() + File.pathSeparator + System.getProperty("java.class.path"),
                            "Main",
                            speed)
                    .redirectErrorStream(true)
                    .start();
            Jdb jdb = new Jdb(
                    process, process.outputWriter(StandardCharsets.UTF_8), process.inputReader(StandardCharsets.UTF_8));
            jdb.until(Pattern.compile("> $"));
            return jdb;
        }

        /** Goes on to the next stop: {@return its line} */
        int goOn(String command) throws IOException {
            write(command);
            return Integer.parseInt(until(STOPPED).group(1).replace(",", ""));
        }

        /** Until {@code expected} is said, and then a prompt. */
        void tell(String command, String expected) throws IOException {
            write(command);
            until(Pattern.compile(Pattern.quote(expected) + "(?:.*(?:> |\\] )$|.*exited)", Pattern.DOTALL));
        }

        String locals() throws IOException {
            write("locals");
            return until(Pattern.compile("Method arguments:.*\\[1\\] $|Local variables:.*\\[1\\] $", Pattern.DOTALL))
                    .group();
        }

        private void write(String command) throws IOException {
            in.write(command + "\n");
            in.flush();
        }

        private Matcher until(Pattern expected) throws IOException {
            StringBuilder said = new StringBuilder();
            while (true) {
                Matcher found = expected.matcher(said);
                if (!out.ready() && found.find()) {
                    return found;
                }
                int next = out.read();
                assertTrue(next >= 0, () -> "jdb has ended, and had said: " + said);
                said.append((char) next);
            }
        }

        @Override
        public void close() throws Exception {
            List<ProcessHandle> debugged = process.descendants().toList();
            process.destroyForcibly();
            debugged.forEach(ProcessHandle::destroyForcibly);
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        }
    }
}
