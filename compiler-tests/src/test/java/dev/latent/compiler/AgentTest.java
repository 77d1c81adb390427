package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import dev.latent.Async;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent where class loading has its own rules; {@link WaysInTest} has the rest. */
class AgentTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    Path folder;

    private Path compile(String name, String source, String... options) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        List<String> all = new ArrayList<>(List.of(options));
        all.add(file.toString());
        Path classes = folder.resolve("classes");
        WayIn.AGENT.compile(all, CLASS_PATH, classes);
        return classes;
    }

    private static String java(List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-javaagent:" + WayIn.agent()));
        command.addAll(options);
        return said(command);
    }

    private static String said(List<String> command) throws Exception {
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        java.waitFor();
        return said.strip();
    }

    /** Methods are looked at before anything is initialized; an interface has bodies in fields, static and default methods. */
    private static final String MAIN = """
            package app;
            import static dev.latent.Async.*;
            import dev.latent.*;
            public class Main {
                interface Greets {
                    AsyncCallable<String> FIELD = () -> "field ";
                    static Future<String> fixed() { return async(() -> "static "); }
                    private Future<String> hidden() { return async(() -> "private "); }
                    default Future<String> hello() { return async(() -> await(hidden()) + await(fixed()) + name()); }
                    String name();
                }
                record Person(String name) implements Greets {}
                enum Kind { A; final Future<String> made = async(() -> "enum "); }
                public static void main(String[] args) throws Exception {
                    for (Class<?> c : new Class<?>[] { Greets.class, Kind.class }) c.getDeclaredMethods();
                    Future<String> f = async(() -> await(Kind.A.made) + await(async(Greets.FIELD)) + await(new Person("Ada").hello()));
                    Context cx = new Context(null);
                    cx.begin(Waker.noop());
                    System.out.println(f.poll(cx) + " " + Main.class.getModule().getName());
                }
            }
            """;

    @Test
    void inAModule() throws Exception {
        Path info = folder.resolve("src/module-info.java");
        Files.createDirectories(info.getParent());
        Files.writeString(info, "module app { requires dev.latent.core; }");
        String core = Path.of(Async.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        Path classes = compile("src/app/Main.java", MAIN, "-p", core, info.toString());
        assertEquals(
                "Ready[value=enum field private static Ada] app",
                java(List.of("-p", classes + File.pathSeparator + core, "-m", "app/app.Main")));
    }

    @Test
    void whatCannotBeWovenSaysSoAndThrowsAtItsFirstUse() throws Exception {
        Path classes = compile("Main.java", """
                import static dev.latent.Async.*;
                public class Main {
                    public static void main(String[] args) {
                        System.out.println("up");
                        async(() -> {
                            synchronized (args) {
                                return await(async(() -> "x"));
                            }
                        });
                    }
                }
                """);
        String said = java(List.of("-cp", classes + File.pathSeparator + CLASS_PATH, "Main"));
        assertTrue(said.startsWith("Main.java:7: error: [latent:lock-across-await] "), said);
        assertTrue(said.contains("\nup\n"), said);
        assertTrue(
                said.contains(
                        "dev.latent.NotWovenException: an async body of Main was not woven: the agent has refused"),
                said);
        assertFalse(said.contains("Maven"), said);
    }

    /** The class that attaches it was loaded before, the other one is loaded afterwards. */
    @Test
    void attachedToARunningJvm() throws Exception {
        Path classes = compile("Main.java", """
                import static dev.latent.Async.*;
                import dev.latent.*;
                public class Main {
                    static class Late {
                        static Future<String> f() { return async(() -> await(async(() -> "late"))); }
                    }
                    public static void main(String[] args) throws Exception {
                        System.out.println("up");
                        System.in.read();
                        Context cx = new Context(null);
                        cx.begin(Waker.noop());
                        System.out.println(Late.f().poll(cx));
                        async(() -> "early");
                    }
                }
                """);
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+EnableDynamicAgentLoading",
                        "-cp",
                        classes + File.pathSeparator + CLASS_PATH,
                        "Main")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = java.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("up", said.readLine());
            VirtualMachine jvm = VirtualMachine.attach(Long.toString(java.pid()));
            jvm.loadAgent(WayIn.agent().toString());
            jvm.detach();
            java.getOutputStream().close();
            assertEquals("Ready[value=late]", said.readLine());
            String failure = said.readLine();
            assertTrue(
                    failure.contains("an async body of Main was not woven")
                            && failure.contains("the class was loaded before the agent was attached"),
                    failure);
        } finally {
            java.destroy();
        }
    }

    private static final String FILE = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            interface Greets {
                default Future<String> hello() {
                    return async(() -> "hello " + await(name()));
                }
                Future<String> name();
            }
            class Main {
                public static void main(String[] args) throws Exception {
                    Greets ada = () -> async(() -> "Ada");
                    Future<String> f = async(() -> await(ada.hello()) + args[0]);
                    Context cx = new Context(null);
                    cx.begin(Waker.noop());
                    System.out.println(f.poll(cx));
                }
            }
            """;

    /** Whether or not its jar, with the plugin in it, is on the class path, where the launcher's javac finds it. */
    @Test
    void aSourceFileThatJavaCompilesAsItStarts() throws Exception {
        String file = Files.writeString(folder.resolve("Main.java"), FILE).toString();
        assertEquals("Ready[value=hello Ada!]", java(List.of("-cp", Build.core(), file, "!")));
        assertEquals(
                "Ready[value=hello Ada!]",
                java(List.of("-cp", Build.core() + File.pathSeparator + WayIn.agent(), file, "!")));
    }

    @Test
    void aSourceFileWithoutTheAgentIsToldOfIt() throws Exception {
        String file = Files.writeString(folder.resolve("Main.java"), FILE).toString();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // The agent's jar as it is made where the build has not yet has no services.
        String path = Build.core() + File.pathSeparator + Javac.weaver();
        String said = said(List.of(java, "-cp", path, file, "!"));
        assertTrue(
                said.contains("[latent:not-woven] this class has async bodies, and java runs a source file without"),
                said);
        assertTrue(said.contains("\n  let the agent weave them: java -javaagent:latent-compiler.jar …"), said);
        said = said(List.of(java, "-cp", Build.core(), file, "!"));
        assertTrue(said.contains("NotWovenException: "), said);
        assertTrue(said.contains("\n  java File.java: -javaagent:latent-compiler.jar\n"), said);
    }
}
