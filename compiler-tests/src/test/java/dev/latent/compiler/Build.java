package dev.latent.compiler;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.annotation.processing.Processor;
import javax.tools.DiagnosticCollector;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** One run of javac, set up as a build tool does it, or a person. */
final class Build {
    private final Path out;
    private final List<String> options = new ArrayList<>();
    private UnaryOperator<JavaFileManager> manager = m -> m;
    private List<Processor> processors;

    private Build(Path out) {
        this.out = out;
        add("-d", out.toString(), "-cp", core());
    }

    /** A build with the weaver on its processor path. */
    static Build woven() throws IOException {
        return wovenInto(Scratch.folder("build"));
    }

    static Build wovenInto(Path out) {
        return plainInto(out).add("-processorpath", Javac.weaver());
    }

    /** A build that knows of Latent only what a program needs at run time. */
    static Build plain() throws IOException {
        return plainInto(Scratch.folder("build"));
    }

    private static Build plainInto(Path out) {
        return new Build(out);
    }

    /** Options of javac; of two that contradict each other the later one counts. */
    Build add(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    Build processorPath(Object... parts) {
        return add("-processorpath", path(parts));
    }

    Build classPath(Object... parts) {
        return add("-cp", path(parts));
    }

    Build processors(List<Processor> instead) {
        processors = instead;
        return this;
    }

    Build through(UnaryOperator<JavaFileManager> wrapper) {
        manager = wrapper;
        return this;
    }

    Javac.Result compile(Map<String, String> sources) throws IOException {
        return compile(sources.entrySet().stream()
                .map(e -> new Javac.Source(e.getKey(), e.getValue()))
                .toList());
    }

    Javac.Result compile(List<? extends JavaFileObject> units) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = javac.getStandardFileManager(said, Locale.ROOT, null)) {
            JavaCompiler.CompilationTask task =
                    javac.getTask(null, manager.apply(new Fresh(standard)), said, options, null, units);
            if (processors != null) {
                task.setProcessors(processors);
            }
            task.call();
        }
        return new Javac.Result(out, said.getDiagnostics());
    }

    /** As in a javac of its own, processors see nothing of this test's class path. */
    private static final class Fresh extends ForwardingJavaFileManager<StandardJavaFileManager> {
        Fresh(StandardJavaFileManager standard) {
            super(standard);
        }

        @Override
        public ClassLoader getClassLoader(Location location) {
            List<URL> urls = new ArrayList<>();
            for (File part : fileManager.getLocation(location)) {
                try {
                    urls.add(part.toURI().toURL());
                } catch (MalformedURLException e) {
                    throw new AssertionError(e);
                }
            }
            return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }
    }

    static String path(Object... parts) {
        return String.join(
                File.pathSeparator, Arrays.stream(parts).map(Object::toString).toList());
    }

    /** {@return the parts of the test's class path that {@code wanted} accepts} */
    static String from(Function<String, Boolean> wanted) {
        return path(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(wanted::apply)
                .toArray());
    }

    static String jar(String name) {
        return from(part -> new File(part).getName().matches(name + "-\\d.*\\.jar"));
    }

    static String core() {
        return from(part -> Files.exists(Path.of(part, "dev/latent/Future.class"))
                || new File(part).getName().matches("latent-core-\\d.*\\.jar"));
    }

    /** {@return the compiled tests, where processors of the tests lie} */
    static String tests() {
        return from(part -> Files.exists(Path.of(part, "dev/latent/compiler/Build.class")));
    }
}
