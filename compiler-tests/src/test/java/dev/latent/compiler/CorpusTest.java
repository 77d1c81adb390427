package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Code that knows nothing of Latent, some of it with futures, locks and thread-locals everywhere: with all lints on, not one has anything to say of it. The
 * sources of two libraries come with the build; {@code tools/corpus/run} fetches larger ones, and runs this over a folder of them,
 * {@code -Dlatent.corpus}: {@code sources/*.jar}, to be compiled against {@code libs/*.jar}.
 */
class CorpusTest {
    private static final String FOLDER = "latent.corpus";

    @TestFactory
    Stream<DynamicTest> nothingIsSaidOf() throws IOException {
        List<Path> sources = new ArrayList<>();
        String libraries = System.getProperty("java.class.path");
        for (String part : libraries.split(File.pathSeparator)) {
            if (part.endsWith("-sources.jar")) {
                sources.add(Path.of(part));
            }
        }
        assertFalse(sources.isEmpty(), "no sources on the class path");
        String folder = System.getProperty(FOLDER, "");
        if (!folder.isEmpty()) {
            libraries =
                    String.join(File.pathSeparator, paths(Path.of(folder, "libs"))) + File.pathSeparator + libraries;
            sources.clear();
            paths(Path.of(folder, "sources")).forEach(p -> sources.add(Path.of(p)));
        }
        String with = libraries;
        return sources.stream()
                .map(jar -> DynamicTest.dynamicTest(jar.getFileName().toString(), () -> check(jar, with)));
    }

    private static List<String> paths(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(p -> p.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void check(Path jar, String libraries) throws IOException {
        Path from = Scratch.folder("corpus");
        List<Path> files = new ArrayList<>();
        long lines = 0;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
                String name = entry.getName();
                if (name.endsWith(".java") && !name.endsWith("module-info.java") && !name.startsWith("META-INF/")) {
                    Path file = from.resolve(name);
                    Files.createDirectories(file.getParent());
                    try (InputStream in = zip.getInputStream(entry)) {
                        byte[] text = in.readAllBytes();
                        lines +=
                                new String(text, StandardCharsets.UTF_8).lines().count();
                        Files.write(file, text);
                    }
                    files.add(file);
                }
            }
        }
        // A note counts as well here.
        String all = Arrays.stream(Rule.values())
                .filter(rule -> rule.level().compareTo(Rule.Level.WARNING) < 0)
                .map(rule -> rule.id() + ":warning")
                .collect(Collectors.joining(","));
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager =
                javac.getStandardFileManager(said, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-d",
                    Scratch.folder("corpus-classes").toString(),
                    "-cp",
                    libraries,
                    "-processorpath",
                    Javac.weaver(),
                    "-proc:full",
                    "-nowarn",
                    "-Alatent.lint=" + all);
            javac.getTask(null, manager, said, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        List<?> errors = said.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .toList();
        assertEquals(List.of(), errors, "javac refuses it, so that the lints have not seen all of it");
        assertEquals(
                List.of(),
                said.getDiagnostics().stream()
                        .filter(d -> d.getMessage(Locale.ROOT).startsWith("[latent:"))
                        .toList());
        System.out.println(
                "corpus: " + jar.getFileName() + ", " + files.size() + " files, " + lines + " lines, 0 findings");
    }

    /** Words and types with the same names, and the shapes that are traps with ours. */
    @Test
    void nothingIsSaidOfLookAlikes() throws Exception {
        String head = """
                package look;
                import java.nio.ByteBuffer;
                import java.util.*;
                import java.util.concurrent.*;
                import java.util.concurrent.locks.*;
                """;
        Javac.Result result = Javac.compile(
                List.of("-nowarn"),
                Map.of(
                        "look.Future",
                        head + "public interface Future<T> { T get(); }\n",
                        "look.Async",
                        head + """
                        public final class Async {
                            public static <T> Future<T> async(Callable<T> body) { return () -> { try { return body.call(); } catch (Exception e) { throw new IllegalStateException(e); } }; }
                            public static <T> T await(Future<T> f) throws Exception { return f.get(); }
                            public static <T> Future<Object> select(Future<?>... all) { return () -> all[0].get(); }
                            public static <T> Future<T> timeout(long n, Future<T> f) { return f; }
                        }
                        """,
                        "look.User",
                        head + """
                        import static look.Async.*;
                        class User {
                            @interface LeavesHalf {}
                            interface Writer { @LeavesHalf Future<Void> write(ByteBuffer b); }
                            static class Conn implements AutoCloseable { public void close() {} Future<String> read() { return async(() -> "x"); } }
                            static final ThreadLocal<String> TL = new ThreadLocal<>();
                            private final Future<String> kept = load("k");
                            private int count;
                            static Future<String> load(String k) { return async(() -> k); }
                            static <T> T blockOn(Future<T> f) { return f.get(); }
                            Future<String> resource() { try (var c = new Conn()) { return c.read(); } }
                            Future<String> caught() { try { return load("x"); } catch (RuntimeException e) { return null; } }
                            synchronized Future<Integer> guarded() { return async(() -> count++); }
                            Future<String> none() { return null; }
                            Future<Void> body(Writer w, ByteBuffer a, ExecutorService pool, Map<String, Future<String>> map, List<Future<String>> all) {
                                return async(() -> {
                                    await(select(w.write(a), load("y")));
                                    await(w.write(ByteBuffer.allocate(3)));
                                    TL.set("x"); await(kept); TL.get(); await(kept);
                                    for (var f : all) await(f);
                                    for (var f : all) await(f);
                                    await(map.computeIfAbsent("k", k -> load(k)));
                                    pool.submit(() -> load("z"));
                                    return null;
                                });
                            }
                            CompletableFuture<String> eager(Executor e) {
                                try (var c = new Conn()) { return CompletableFuture.supplyAsync(() -> c.read().get(), e); }
                            }
                            java.util.concurrent.Future<String> theirs(ExecutorService pool) { synchronized (this) { return pool.submit(() -> "x"); } }
                            CompletionStage<String> nothing() { return null; }
                        }
                        """));
        assertEquals(List.of(), result.diagnostics());
    }
}
