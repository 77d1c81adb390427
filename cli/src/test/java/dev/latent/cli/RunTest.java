package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code latent run}, on the programs of {@code examples/} among others. */
class RunTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("latent.examples", "../examples"));

    @TempDir
    Path folder;

    @Test
    void hello() throws Exception {
        assertEquals("Hello, Ada!\nHello, world!\n", prints("Hello.java", "Ada"));
    }

    @Test
    void retry() throws Exception {
        assertTrue(prints("Retry.java").endsWith("the answer is 42\n"));
    }

    @Test
    void drop() throws Exception {
        String out = prints("Drop.java");
        for (String name : new String[] {"slow", "loser", "task"}) {
            assertTrue(out.contains("  " + name + " has cleaned up\n"), out);
        }
        assertTrue(!out.contains("never begins"), out);
        assertTrue(out.endsWith("  counted to 3\n"), out);
    }

    @Test
    void anyExecutor() throws Exception {
        assertEquals("""
                35 on this thread
                35 on two work-stealing threads
                35 on a loop of ours
                35 on virtual threads
                35 on somebody else's event loop
                35 on the common pool
                """, prints("AnyExecutor.java"));
    }

    @Test
    void theExitCodeAndTheArgumentsAreTheProgramsOwn() throws Exception {
        Path file = Files.writeString(
                folder.resolve("Exit.java"),
                "void main(String[] a) { IO.println(String.join(\"|\", a)); System.exit(7); }\n");
        Latent.Ended ended = Latent.run("run", file.toString(), "--help", "-x", "1");
        assertEquals(new Latent.Ended(7, "--help|-x|1\n", ""), ended);
    }

    @Test
    void whatJavacCannotKnowIsHintedAt() throws Exception {
        Path file = Files.writeString(
                folder.resolve("Hint.java"),
                "import static dev.latent.Async.*;\nFuture<Integer> f() { return async(() -> 1); }\nvoid main() {}\n");
        Latent.Ended ended = Latent.run("run", file.toString());
        assertEquals(1, ended.code());
        assertTrue(ended.err().endsWith("add  import dev.latent.Future;\n"), ended.err());
        file = Files.writeString(folder.resolve("Hint2.java"), "void main() { async(() -> {}); }\n");
        ended = Latent.run("run", file.toString());
        assertTrue(ended.err().endsWith("add  import static dev.latent.Async.*;\n"), ended.err());
    }

    @Test
    void anUncaughtExceptionIsToldAsJavaTellsIt() throws Exception {
        Path file = Files.writeString(
                folder.resolve("Throws.java"),
                "void main() { foo(); }\nvoid foo() { throw new IllegalStateException(\"x\"); }\n");
        Latent.Ended ended = Latent.run("run", file.toString());
        assertEquals("""
                Exception in thread "main" java.lang.IllegalStateException: x
                \tat Throws.foo(Throws.java:2)
                \tat Throws.main(Throws.java:1)
                """, ended.err());
        assertEquals(1, ended.code());
    }

    @Test
    void aClassInAPackageWithAStaticMain() throws Exception {
        Path file = Files.writeString(folder.resolve("Shop.java"), """
                package shop;
                import static dev.latent.Async.*;
                class Shop {
                    public static void main(String[] args) throws Exception {
                        System.out.println(dev.latent.runtime.Latent.blockOn(async(() -> await(dev.latent.Futures.ready(6)) * 7)));
                    }
                }
                """);
        assertEquals(new Latent.Ended(0, "42\n", ""), Latent.run("run", file.toString()));
    }

    @Test
    void tcpEchoServesUntilItIsToldToStop() throws Exception {
        Process process = Latent.start("run", EXAMPLES.resolve("TcpEcho.java").toString());
        try (BufferedReader out = process.inputReader()) {
            String line = String.valueOf(out.readLine());
            assertTrue(line.startsWith("listening on "), line);
            int port = Integer.parseInt(line.replaceAll(".*:(\\d+),.*", "$1"));
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                assertEquals("hello", new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8));
            }
            process.toHandle().destroy();
            assertTrue(String.valueOf(out.readLine()).startsWith("draining"));
            assertEquals("drained", out.readLine());
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theServersServeUntilTheyAreToldToStop() throws Exception {
        stops("drained", "run", EXAMPLES.resolve("WebSocketEcho.java").toString(), "--port", "0");
        stops("drained: nobody is left", "chat", "--port", "0");
        stops(
                "SIGTERM: all have ended",
                "run",
                EXAMPLES.resolve("ReverseProxy.java").toString(),
                "http://127.0.0.1:1",
                "0");
    }

    private static void stops(String last, String... arguments) throws Exception {
        Process process = Latent.start(arguments);
        try (BufferedReader out = process.inputReader()) {
            String line = String.valueOf(out.readLine());
            assertTrue(line.startsWith("listening on "), line);
            process.toHandle().destroy();
            assertTrue(String.valueOf(out.readLine()).startsWith("draining"));
            assertEquals(last, out.readLine());
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Causes may lead in a circle; java prints that, and no more. */
    @Test
    void whatMainThrowsIsToldWithoutTheFramesOfTheCommand() throws Exception {
        Path circle = Files.writeString(folder.resolve("Circle.java"), """
                class Circle {
                    public static void main(String[] args) throws Exception {
                        Exception outer = new Exception("outer"), inner = new Exception("inner", outer);
                        outer.initCause(inner);
                        throw outer;
                    }
                }
                """);
        Latent.Ended ended = Latent.run("run", circle.toString());
        assertTrue(ended.err().startsWith("Exception in thread \"main\" java.lang.Exception: outer"), ended.err());
        assertTrue(ended.err().contains("CIRCULAR REFERENCE"), ended.err());
        assertFalse(ended.err().contains("dev.latent.cli"), ended.err());
        assertEquals(1, ended.code());
        Path early = Files.writeString(folder.resolve("Early.java"), """
                class Early {
                    static final int N = Integer.parseInt("none");
                    public static void main(String[] args) {}
                }
                """);
        ended = Latent.run("run", early.toString());
        assertTrue(ended.err().contains("Early.<clinit>(Early.java:2)"), ended.err());
        assertFalse(ended.err().contains("dev.latent.cli"), ended.err());
    }

    private static String prints(String example, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "run";
        all[1] = EXAMPLES.resolve(example).toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Latent.Ended ended = Latent.run(all);
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
        return ended.out();
    }
}
