package dev.latent.compiler.generated;

import dev.latent.Future;
import dev.latent.compiler.Scratch;
import dev.latent.compiler.WayIn;
import dev.latent.runtime.LocalExecutor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Many classes compiled at once, from memory to memory. What javac costs to start is paid once: the file manager stays open over
 * all batches, and so does the class loader of the weaver, which keeps it compiled to machine code.
 */
final class Compiled extends ClassLoader {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    /** One thread's own: a file manager is not made for several. */
    private static final ThreadLocal<JavaFileManager> FILES =
            ThreadLocal.withInitial(() -> JAVAC.getStandardFileManager(null, Locale.ROOT, null));

    /** No more than programs use, since javac looks through all of it. */
    private static final String CLASS_PATH = Stream.of(Future.class, LocalExecutor.class, Compiled.class)
            .map(c -> new File(c.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .getPath())
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));

    private final Map<String, byte[]> classes = new HashMap<>();

    /** The errors, by the name of the class. */
    final Map<String, String> errors = new HashMap<>();

    private final boolean woven;

    private Compiled(boolean woven) {
        super(Compiled.class.getClassLoader());
        this.woven = woven;
        setDefaultAssertionStatus(true);
    }

    /** {@return the loader of what {@code sources}, by name, compile to, by plain javac or with the weaver as this JVM tries it} */
    static Compiled of(boolean woven, List<String> options, Map<String, String> sources) {
        Compiled compiled = new Compiled(woven);
        if (woven && WayIn.HERE != WayIn.PLUGIN) {
            compiled.byAnotherWay(sources);
            return compiled;
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> all = new ArrayList<>(
                List.of("-cp", CLASS_PATH, "-nowarn", "-Xlint:none", "-implicit:none", "-Xmaxerrs", "10000"));
        all.addAll(options);
        List<Source> units = sources.entrySet().stream()
                .map(e -> new Source(e.getKey(), e.getValue()))
                .toList();
        JAVAC.getTask(null, compiled.new Memory(FILES.get()), diagnostics, all, null, units)
                .call();
        for (Diagnostic<? extends JavaFileObject> d : diagnostics.getDiagnostics()) {
            if (d.getKind() == Diagnostic.Kind.ERROR) {
                String in = d.getSource() instanceof Source source ? source.name : "";
                compiled.errors.putIfAbsent(in, d.getLineNumber() + ": " + d.getMessage(Locale.ROOT));
            }
        }
        return compiled;
    }

    private void byAnotherWay(Map<String, String> sources) {
        try {
            Path from = Scratch.folder("programs");
            List<String> files = new ArrayList<>();
            for (Map.Entry<String, String> e : sources.entrySet()) {
                Path file = from.resolve(e.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, e.getValue()).toString());
            }
            Path out = Scratch.folder("classes");
            WayIn.HERE.compile(files, CLASS_PATH, out);
            try (Stream<Path> made = Files.walk(out)) {
                for (Path file : made.filter(Files::isRegularFile).toList()) {
                    classes.put(
                            out.relativize(file).toString().replace(File.separatorChar, '/'), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what makes the world that the program {@code name} is} */
    Constructor<?> program(String name) throws ReflectiveOperationException {
        return loadClass(name).getConstructor();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.remove(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        Memory(JavaFileManager standard) {
            super(standard);
        }

        private JavaFileObject file(String path, JavaFileObject.Kind kind) {
            return new SimpleJavaFileObject(URI.create("mem:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(path, toByteArray());
                        }
                    };
                }

                @Override
                public InputStream openInputStream() throws IOException {
                    byte[] bytes = classes.get(path);
                    if (bytes == null) {
                        throw new java.nio.file.NoSuchFileException(path);
                    }
                    return new ByteArrayInputStream(bytes);
                }
            };
        }

        private static String path(String folder, String name) {
            return folder.isEmpty() ? name : folder.replace('.', '/') + "/" + name;
        }

        @Override
        public ClassLoader getClassLoader(Location location) {
            return woven ? Compiled.class.getClassLoader() : ClassLoader.getPlatformClassLoader();
        }

        @Override
        public boolean hasLocation(Location location) {
            return location == StandardLocation.ANNOTATION_PROCESSOR_PATH
                    || location == StandardLocation.CLASS_OUTPUT
                    || super.hasLocation(location);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return file(name.replace('.', '/') + kind.extension, kind);
        }

        @Override
        public FileObject getFileForOutput(Location location, String folder, String name, FileObject sibling) {
            return file(path(folder, name), JavaFileObject.Kind.OTHER);
        }

        @Override
        public FileObject getFileForInput(Location location, String folder, String name) throws IOException {
            return location == StandardLocation.CLASS_OUTPUT
                    ? file(path(folder, name), JavaFileObject.Kind.OTHER)
                    : super.getFileForInput(location, folder, name);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
