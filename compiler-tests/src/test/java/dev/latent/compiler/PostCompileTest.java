package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.compiler.tool.BadInputException;
import dev.latent.compiler.tool.Finding;
import dev.latent.compiler.tool.PostCompile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tool over folders and jars: what it writes, keeps, removes and refuses. */
class PostCompileTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final LocalDateTime TIME = LocalDateTime.of(2020, 2, 3, 4, 6, 8);
    private static final String ONE = """
            import static dev.latent.Async.*;
            public class A { public static dev.latent.Future<String> f() { return async(() -> "one"); } }
            """;

    @TempDir
    Path folder;

    private Path compile(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("A.java"), source);
        Path classes = folder.resolve("classes");
        WayIn.AGENT.compile(List.of(file.toString()), CLASS_PATH, classes);
        return classes;
    }

    private static PostCompile.Report weave(Path input, Path output) throws IOException {
        return PostCompile.weave(input, output, CLASS_PATH, (done, classes) -> {});
    }

    private static String run(Path classes) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, PostCompileTest.class.getClassLoader())) {
            return (String) new Drive()
                    .run((Future<?>) loader.loadClass("A").getMethod("f").invoke(null));
        }
    }

    private static List<String> files(Path classes) throws IOException {
        try (var files = Files.list(classes)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsWovenIsLeftAlone() throws Exception {
        Path classes = compile(ONE);
        assertEquals(new PostCompile.Report(1, 1, 1, 0, List.of(), List.of()), weave(classes, classes));
        byte[] woven = Files.readAllBytes(classes.resolve("A.class"));
        assertEquals(new PostCompile.Report(2, 0, 0, 0, List.of(), List.of()), weave(classes, classes));
        assertArrayEquals(woven, Files.readAllBytes(classes.resolve("A.class")));
        assertEquals("one", run(classes));
    }

    @Test
    void framesOfBodiesThatAreGoneAreRemoved() throws Exception {
        Path classes = compile(ONE.replace("\"one\"", "await(async(() -> \"two\"))"));
        weave(classes, classes);
        assertEquals(List.of("A$async$f$0.class", "A$async$f$1.class", "A.class"), files(classes));
        compile(ONE);
        assertEquals(1, weave(classes, classes).removed());
        assertEquals(List.of("A$async$f$0.class", "A.class"), files(classes));
        compile("public class A { }");
        assertEquals(1, weave(classes, classes).removed());
        assertEquals(List.of("A.class"), files(classes));
    }

    @Test
    void anotherFolderBecomesACopy() throws Exception {
        Path classes = compile(ONE);
        Files.writeString(classes.resolve("shop.properties"), "a=b");
        byte[] before = Files.readAllBytes(classes.resolve("A.class"));
        Path output = folder.resolve("woven");
        weave(classes, output);
        assertArrayEquals(before, Files.readAllBytes(classes.resolve("A.class")));
        assertEquals(List.of("A$async$f$0.class", "A.class", "shop.properties"), files(output));
        assertEquals("one", run(output));
    }

    @Test
    void withAnErrorNothingIsWritten() throws Exception {
        Path classes = compile("""
                import static dev.latent.Async.*;
                public class A {
                    static dev.latent.Future<String> fine() { return async(() -> "x"); }
                    static dev.latent.Future<String> held(Object o) {
                        return async(() -> {
                            synchronized (o) {
                                return await(fine());
                            }
                        });
                    }
                    static {
                        context();
                    }
                }
                """);
        byte[] before = Files.readAllBytes(classes.resolve("A.class"));
        List<String> errors = weave(classes, classes).errors().stream()
                .map(Finding::toString)
                .map(e -> e.substring(0, e.indexOf(']') + 1))
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "A.java:12: error: [latent:await-outside-async]",
                        "A.java:7: error: [latent:lock-across-await]"),
                errors);
        assertArrayEquals(before, Files.readAllBytes(classes.resolve("A.class")));
    }

    @Test
    void aClassPathWithoutLatentIsSaidOnce() throws Exception {
        Path classes = compile(ONE.replace("\"one\"", "await(async(() -> \"two\"))"));
        String compiler = Path.of(PostCompile.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        // A JVM of its own: this one knows Latent's types.
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        compiler,
                        "dev.latent.compiler.tool.Main",
                        classes.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(
                "latent weave: Latent's own types are not found: add latent-core.jar with --class-path", said.strip());
        assertEquals(1, tool.waitFor());
    }

    @ParameterizedTest
    @EnumSource(names = {"TOOL", "ECJ"})
    void aFinallyThatWouldSwallowADropIsRefused(WayIn way) throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), """
                import static dev.latent.Async.*;
                class A {
                    dev.latent.Future<String> f() {
                        return async(() -> {
                            try {
                                return await(f());
                            } finally {
                                return "swallowed";
                            }
                        });
                    }
                }
                class B extends A {
                    dev.latent.Future<String> g(int n) {
                        return async(() -> {
                            while (true) {
                                try {
                                    await(f());
                                } finally {
                                    if (n == 1) break;
                                }
                            }
                            return "swallowed";
                        });
                    }
                }
                """);
        assertLeaves(way, file, 6, 18);
    }

    private void assertLeaves(WayIn way, Path file, int... lines) {
        String said = assertThrows(
                        AssertionError.class,
                        () -> way.compile(List.of(file.toString()), CLASS_PATH, folder.resolve("classes")))
                .getMessage();
        for (int line : lines) {
            assertTrue(said.contains("A.java:" + line + ": error: [latent:finally-leaves]"), said);
        }
    }

    /** Eclipse's compiler writes a finally that leaves by a break, and what comes then, as one that holds all that and never ends. */
    @ParameterizedTest
    @EnumSource(names = {"TOOL", "ECJ"})
    void aFinallyThatADropWouldNeverPassIsRefused(WayIn way) throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), """
                import static dev.latent.Async.*;
                class A {
                    dev.latent.Future<String> f() {
                        return async(() -> {
                            while (true) {
                                try {
                                    await(f());
                                } finally {
                                    break;
                                }
                            }
                            while (true) {
                                await(f());
                            }
                        });
                    }
                }
                class B extends A {
                    dev.latent.Future<String> g() {
                        return async(() -> {
                            try {
                                await(f());
                            } finally {
                                while (true) {
                                    await(f());
                                }
                            }
                        });
                    }
                }
                """);
        assertLeaves(way, file, 7, 22);
    }

    /** What follows the finally runs to its throw, as part of it: the drop is not swallowed. */
    @Test
    void aFinallyOfEclipsesThatLeavesToAThrowIsPassedByADrop() throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), """
                import static dev.latent.Async.*;
                import dev.latent.Future;
                public class A {
                    public static Future<String> f(Future<String> leaf, java.util.List<String> trace) {
                        return async(() -> {
                            while (true) {
                                try {
                                    await(leaf);
                                } finally {
                                    break;
                                }
                            }
                            trace.add("left");
                            throw new IllegalStateException("rest");
                        });
                    }
                }
                """);
        Path classes = folder.resolve("classes");
        WayIn.ECJ.compile(List.of(file.toString()), CLASS_PATH, classes);
        Drive drive = new Drive();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, PostCompileTest.class.getClassLoader())) {
            Future<?> body = (Future<?>) loader.loadClass("A")
                    .getMethod("f", Future.class, List.class)
                    .invoke(null, drive.never("leaf"), drive.trace);
            assertFalse(drive.poll(body).isReady());
            assertTrue(drive.pollDrop(body).isReady());
        }
        assertEquals(List.of("drop leaf", "left"), drive.trace);
        assertEquals("rest", drive.unhandled.getFirst().getMessage());
    }

    private void put(ZipOutputStream out, String name, byte[] content, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        out.putNextEntry(entry);
        out.write(content);
    }

    private Path jar(String... more) throws IOException {
        byte[] a = Files.readAllBytes(compile(ONE).resolve("A.class"));
        byte[] newer = Files.readAllBytes(compile(ONE.replace("one", "newer")).resolve("A.class"));
        Path jar = folder.resolve("a.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            put(
                    out,
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\nMulti-Release: true\n\n".getBytes(StandardCharsets.UTF_8),
                    ZipEntry.DEFLATED);
            put(out, "z/", new byte[0], ZipEntry.STORED);
            put(out, "A.class", a, ZipEntry.STORED);
            put(out, "META-INF/versions/25/A.class", newer, ZipEntry.DEFLATED);
            for (String name : more) {
                put(out, name, new byte[] {1, 2, 3}, ZipEntry.DEFLATED);
            }
            put(out, "a.txt", new byte[1000], ZipEntry.STORED);
        }
        return jar;
    }

    @Test
    void aJarKeepsItsOrderItsTimesAndItsVersions() throws Exception {
        Path jar = jar();
        PostCompile.Report report = weave(jar, jar);
        assertEquals(new PostCompile.Report(2, 2, 2, 0, List.of(), List.of()), report);
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                names.add(entry.getName());
                assertEquals(TIME, entry.getTimeLocal(), entry.getName());
            }
            assertEquals(ZipEntry.STORED, zip.getEntry("A.class").getMethod());
        }
        assertEquals(
                List.of(
                        "META-INF/MANIFEST.MF",
                        "z/",
                        "A.class",
                        "A$async$f$0.class",
                        "META-INF/versions/25/A.class",
                        "META-INF/versions/25/A$async$f$0.class",
                        "a.txt"),
                names);
        assertEquals("newer", run(jar));
        byte[] woven = Files.readAllBytes(jar);
        assertEquals(0, weave(jar, jar).woven());
        assertArrayEquals(woven, Files.readAllBytes(jar));
    }

    private void refuses(String says, Path input) {
        refuses(says, input, input);
    }

    private void refuses(String says, Path input, Path output) {
        String message = assertThrows(BadInputException.class, () -> weave(input, output))
                .getMessage();
        assertTrue(message.contains(says), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void whereItCannotWriteItSaysWhy() throws Exception {
        Path classes = compile(ONE);
        Path file = Files.writeString(folder.resolve("file"), "x");
        String fix = "; name another place with --output";
        refuses("can't be written: " + file + " (a file, not a folder)" + fix, classes, file);
        refuses(file + "/a (Not a directory)" + fix, classes, file.resolve("a"));
        refuses(file + " (a file, not a folder)" + fix, jar(), file.resolve("a.jar"));
        Path frame = Files.createDirectories(classes.resolve("A$async$f$0.class/in-the-way"))
                .getParent();
        refuses(frame + " (a folder, not a file)" + fix, classes);
        assertEquals(List.of("A$async$f$0.class", "A.class"), files(classes));
    }

    @Test
    void whatItWritesMayBeReadByWhomTheOldMightBe() throws Exception {
        Path classes = compile(ONE);
        var usual = Files.getPosixFilePermissions(Files.createFile(folder.resolve("usual")));
        var shared = PosixFilePermissions.fromString("rw-rw-r--");
        Files.setPosixFilePermissions(classes.resolve("A.class"), shared);
        weave(classes, classes);
        assertEquals(shared, Files.getPosixFilePermissions(classes.resolve("A.class")));
        assertEquals(usual, Files.getPosixFilePermissions(classes.resolve("A$async$f$0.class")));
    }

    @Test
    void whatItCannotWeaveItLeavesAsItIs() throws Exception {
        Path signed = jar("META-INF/SHOP.SF");
        byte[] before = Files.readAllBytes(signed);
        refuses("this jar is signed", signed);
        assertArrayEquals(before, Files.readAllBytes(signed));
        Path script = folder.resolve("script.jar");
        Files.writeString(script, "#!/bin/sh\n");
        Files.write(script, Files.readAllBytes(jar()), java.nio.file.StandardOpenOption.APPEND);
        refuses("something stands before the jar", script);
        refuses("not a class file: B.class", jar("B.class"));
        refuses("neither a folder nor a jar", Files.writeString(folder.resolve("x.jar"), "x"));
        refuses("no such folder or jar", folder.resolve("nothing"));
    }
}
