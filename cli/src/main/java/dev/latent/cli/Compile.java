package dev.latent.cli;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import dev.latent.Future;
import dev.latent.compiler.tool.Main;
import dev.latent.interop.http.Http;
import dev.latent.io.Net;
import dev.latent.resilience.Retry;
import dev.latent.runtime.Latent;
import dev.latent.web.WebSocket;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticListener;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles and weaves one source file in a temporary folder, and reads the classes from there before the program runs. */
public final class Compile {
    private Compile() {}

    /**
     * What became of a source file.
     *
     * @param said javac's words, as far as no listener was told
     * @param mainClass the file's first class, null when there is none
     * @param classes by their names, none unless {@code compiled}
     */
    public record Result(
            boolean compiled, String said, @Nullable String mainClass, Map<String, byte[]> classes) {}

    /** {@return the program, or null when javac has said why not} */
    static @Nullable Program file(Path source, List<String> arguments) throws Failure, IOException {
        Result result = file(source, List.of(), null);
        System.err.print(result.said());
        if (!result.compiled()) {
            hints(result.said()).forEach(System.err::println);
            return null;
        }
        return Program.of(source, result, arguments);
    }

    /**
     * Compiles it.
     *
     * @param options of javac, beside those that say where things are
     * @param listener is told what javac has to say; null to have it as text
     */
    public static Result file(
            Path source, List<String> options, @Nullable DiagnosticListener<? super JavaFileObject> listener)
            throws Failure, IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) {
            throw new Failure(
                    "needs a JDK, 25 or newer; this Java has no compiler: " + System.getProperty("java.home"));
        }
        try (TemporaryFolder temporary = TemporaryFolder.of("latent-run");
                StandardJavaFileManager files = javac.getStandardFileManager(listener, null, StandardCharsets.UTF_8)) {
            Path folder = temporary.path();
            FirstType first = new FirstType();
            StringWriter said = new StringWriter();
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(
                    "-g",
                    "-d",
                    folder.toString(),
                    "-classpath",
                    pathOf(Future.class, Net.class, Latent.class, Retry.class, WebSocket.class, Http.class),
                    "-processorpath",
                    pathOf(Main.class)));
            JavacTask task =
                    (JavacTask) javac.getTask(said, files, listener, all, null, files.getJavaFileObjects(source));
            task.addTaskListener(first);
            boolean compiled = task.call();
            return new Result(compiled, said.toString(), first.name, compiled ? classes(folder) : Map.of());
        }
    }

    /** {@return what is missing, where javac's words for it don't say so} */
    public static List<String> hints(String said) {
        List<String> hints = new ArrayList<>();
        if (said.contains("java.util.concurrent.Future") || said.contains("reference to Future is ambiguous")) {
            hints.add("hint: Future is java.util.concurrent's here; add  import dev.latent.Future;");
        }
        if (said.contains("symbol:   method async(") || said.contains("symbol:   method await(")) {
            hints.add("hint: add  import static dev.latent.Async.*;");
        }
        return hints;
    }

    private static Map<String, byte[]> classes(Path folder) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (name.endsWith(".class")) {
                    String binary = name.substring(0, name.length() - ".class".length());
                    classes.put(binary.replace(File.separatorChar, '.'), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    /** {@return the jars or folders that these come from} */
    private static String pathOf(Class<?>... types) {
        return Stream.of(types)
                .map(type -> Origin.of(type).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The file's first class is the one that runs, as with {@code java FILE.java}. */
    private static final class FirstType implements TaskListener {
        @Nullable
        String name;

        @Override
        public void finished(TaskEvent event) {
            CompilationUnitTree unit = event.getCompilationUnit();
            if (event.getKind() != TaskEvent.Kind.PARSE || name != null || unit == null) {
                return;
            }
            for (Tree tree : unit.getTypeDecls()) {
                if (tree instanceof ClassTree type) {
                    String simple = type.getSimpleName().toString();
                    name = unit.getPackageName() == null ? simple : unit.getPackageName() + "." + simple;
                    return;
                }
            }
        }
    }
}
