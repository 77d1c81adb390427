package dev.latent.compiler;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.Completion;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.FileObject;
import javax.tools.JavaFileManager.Location;
import javax.tools.JavaFileObject;

/**
 * Treats an isolating processor as Gradle's compile task does: loads it by a class loader of its own beside javac's, hands it a
 * processing environment that is wrapped, and keeps books of what it makes from which class.
 */
final class Gradle {
    /** What was made, each with the outermost class it was made from. */
    final Map<String, String> made = new LinkedHashMap<>();

    /** Why the next build can't be incremental; empty when all is well. */
    final List<String> rebuildCauses = new ArrayList<>();

    List<Processor> processors(String path) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String part : path.split(File.pathSeparator)) {
            urls.add(Path.of(part).toUri().toURL());
        }
        ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        String[] declared;
        try (var in = loader.getResourceAsStream("META-INF/gradle/incremental.annotation.processors")) {
            declared = new String(in.readAllBytes()).strip().split(",");
        }
        if (!declared[1].equals("isolating")) {
            throw new AssertionError("not isolating: " + declared[1]);
        }
        return List.of(new Isolating(
                (Processor) loader.loadClass(declared[0]).getConstructor().newInstance()));
    }

    private void record(String what, Element[] origins) {
        List<String> types = new ArrayList<>();
        for (Element origin : origins) {
            Element type = origin;
            while (type != null && !(type.getEnclosingElement() instanceof PackageElement)) {
                type = type.getEnclosingElement();
            }
            types.add(String.valueOf(type));
        }
        if (types.size() != 1) {
            rebuildCauses.add(what + " must have exactly one originating element, but had " + types.size());
        }
        made.put(what, String.join(",", types));
    }

    private final class Isolating implements Processor {
        private final Processor delegate;

        Isolating(Processor delegate) {
            this.delegate = delegate;
        }

        @Override
        public void init(ProcessingEnvironment environment) {
            delegate.init(new Environment(environment));
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            return delegate.process(annotations, round);
        }

        @Override
        public Set<String> getSupportedOptions() {
            return delegate.getSupportedOptions();
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return delegate.getSupportedAnnotationTypes();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return delegate.getSupportedSourceVersion();
        }

        @Override
        public Iterable<? extends Completion> getCompletions(
                Element element, AnnotationMirror annotation, ExecutableElement member, String text) {
            return delegate.getCompletions(element, annotation, member, text);
        }
    }

    private final class Environment implements ProcessingEnvironment {
        private final ProcessingEnvironment delegate;
        private final Filer filer;

        Environment(ProcessingEnvironment delegate) {
            this.delegate = delegate;
            this.filer = new Recording(delegate.getFiler());
        }

        @Override
        public Map<String, String> getOptions() {
            return delegate.getOptions();
        }

        @Override
        public Messager getMessager() {
            return delegate.getMessager();
        }

        @Override
        public Filer getFiler() {
            return filer;
        }

        @Override
        public Elements getElementUtils() {
            return delegate.getElementUtils();
        }

        @Override
        public Types getTypeUtils() {
            return delegate.getTypeUtils();
        }

        @Override
        public SourceVersion getSourceVersion() {
            return delegate.getSourceVersion();
        }

        @Override
        public Locale getLocale() {
            return delegate.getLocale();
        }
    }

    private final class Recording implements Filer {
        private final Filer delegate;

        Recording(Filer delegate) {
            this.delegate = delegate;
        }

        @Override
        public JavaFileObject createSourceFile(CharSequence name, Element... origins) throws IOException {
            record(name.toString(), origins);
            return delegate.createSourceFile(name, origins);
        }

        @Override
        public JavaFileObject createClassFile(CharSequence name, Element... origins) throws IOException {
            record(name.toString(), origins);
            return delegate.createClassFile(name, origins);
        }

        @Override
        public FileObject createResource(Location location, CharSequence pkg, CharSequence name, Element... origins)
                throws IOException {
            FileObject file = delegate.createResource(location, pkg, name, origins);
            record(pkg.toString().replace('.', '/') + "/" + name, origins);
            return file;
        }

        @Override
        public FileObject getResource(Location location, CharSequence pkg, CharSequence name) throws IOException {
            return delegate.getResource(location, pkg, name);
        }
    }
}
