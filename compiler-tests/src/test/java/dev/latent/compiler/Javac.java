package dev.latent.compiler;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Runs javac with the weaver over sources in memory; the classes go to a folder. */
public final class Javac {
    private Javac() {}

    /** What came of it. */
    public record Result(Path classes, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
        /** {@return the errors, each as {@code File:line: message}} */
        public List<String> errors() {
            return of(Diagnostic.Kind.ERROR);
        }

        /** {@return the messages of a kind} */
        public List<String> of(Diagnostic.Kind kind) {
            return diagnostics.stream()
                    .filter(d -> d.getKind() == kind)
                    .map(d -> (d.getSource() == null
                                    ? ""
                                    : Path.of(d.getSource().getName()).getFileName()) + ":" + d.getLineNumber() + ": "
                            + d.getMessage(Locale.ROOT))
                    .toList();
        }

        /** {@return a loader of the classes} */
        public ClassLoader loader() {
            try {
                return new URLClassLoader(new URL[] {classes.toUri().toURL()}, Javac.class.getClassLoader());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@return the result of compiling {@code sources}, by class name} */
    public static Result compile(List<String> options, Map<String, String> sources) throws IOException {
        return compile(options, sources, null);
    }

    /** {@return the result of compiling {@code sources} by way of a file manager of one's own, or the standard one for null} */
    public static Result compile(List<String> options, Map<String, String> sources, javax.tools.JavaFileManager manager)
            throws IOException {
        if (WayIn.HERE != WayIn.PLUGIN) {
            return compileHere(options, sources);
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Path out = Scratch.folder("javac");
        List<String> all = new ArrayList<>(List.of(
                "-d", out.toString(), "-cp", System.getProperty("java.class.path"), "-processorpath", weaver()));
        all.addAll(options);
        List<Source> units = sources.entrySet().stream()
                .map(e -> new Source(e.getKey(), e.getValue()))
                .toList();
        try (StandardJavaFileManager files = javac.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            javac.getTask(null, manager == null ? files : manager, diagnostics, all, null, units)
                    .call();
        }
        return new Result(out, diagnostics.getDiagnostics());
    }

    private static Result compileHere(List<String> options, Map<String, String> sources) throws IOException {
        Path from = Scratch.folder("sources");
        Path out = Scratch.folder("classes");
        List<String> all = new ArrayList<>(options);
        for (Map.Entry<String, String> e : sources.entrySet()) {
            Path file = from.resolve(e.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            all.add(Files.writeString(file, e.getValue()).toString());
        }
        WayIn.HERE.compile(all, System.getProperty("java.class.path"), out);
        return new Result(out, List.of());
    }

    /** {@return the class path's part with the weaver: itself and what it needs} */
    static String weaver() {
        List<String> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (part.contains("jspecify")
                    || Files.exists(Path.of(part, "META-INF/services/com.sun.source.util.Plugin"))
                    || part.matches(".*latent-compiler-\\d[^/]*\\.jar")) {
                parts.add(part);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
