package dev.latent.compiler;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.latent.compiler.lint.Analysis;
import dev.latent.compiler.lint.Lints;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.FileObject;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/** One run of javac: weaves each class as soon as javac has written it, and says what could not be woven where it stands. */
final class Compilation implements TaskListener {
    /**
     * From the processor to the plugin of the same javac: both run on the thread of that javac, and nothing else of the exported
     * API connects them. Cleared when the compilation ends.
     */
    private static final ThreadLocal<ProcessingEnvironment> ENVIRONMENT = new ThreadLocal<>();

    private final JavacTask task;
    private final ElementOracle oracle;
    private final BodyTrees bodies = new BodyTrees();
    private final Lints lints = new Lints();

    private @Nullable Analysis analysis;

    Compilation(JavacTask task) {
        this.task = task;
        this.oracle = new ElementOracle(task);
    }

    static void offer(ProcessingEnvironment environment) {
        ENVIRONMENT.set(environment);
    }

    @Override
    public void finished(TaskEvent event) {
        switch (event.getKind()) {
            case ANALYZE -> analyzed(event);
            case GENERATE -> generated(event);
            case COMPILATION -> ENVIRONMENT.remove();
            default -> {}
        }
    }

    private void analyzed(TaskEvent event) {
        Trees trees = Trees.instance(task);
        TreePath unit = new TreePath(event.getCompilationUnit());
        for (Tree declared : event.getCompilationUnit().getTypeDecls()) {
            TreePath path = new TreePath(unit, declared);
            if (event.getTypeElement() != null && event.getTypeElement().equals(trees.getElement(path))) {
                oracle.remember(path, trees);
                bodies.remember(path, trees, oracle);
                lints.check(path, analysis());
            }
        }
    }

    private Analysis analysis() {
        if (analysis == null) {
            analysis = new Analysis(task, oracle, new Options(ENVIRONMENT.get()));
        }
        return analysis;
    }

    private void generated(TaskEvent event) {
        TypeElement type = event.getTypeElement();
        if (type == null || !bodies.in(event.getCompilationUnit())) {
            return;
        }
        String name = task.getElements().getBinaryName(type).toString();
        try {
            ProcessingEnvironment environment = ENVIRONMENT.get();
            if (environment == null) {
                notWoven(event);
                return;
            }
            Filer filer = environment.getFiler();
            FileObject file = resource(filer, name);
            byte[] written;
            try (InputStream in = file.openInputStream()) {
                written = in.readAllBytes();
            }
            for (Map.Entry<String, byte[]> e : Weaver.weave(written, oracle).entrySet()) {
                write(filer, e.getKey().replace('/', '.'), e.getValue(), type);
            }
        } catch (WeaveException e) {
            report(event, e.line(), String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            // After an error javac writes no more classes, and says why itself.
        } catch (IOException | RuntimeException e) {
            report(
                    event,
                    0,
                    Rule.NOT_WOVEN.message(
                            name + " could not be woven: " + e,
                            "report it with the class's source: this is a fault of the weaver"));
        }
    }

    private void notWoven(TaskEvent event) {
        report(
                event,
                0,
                Rule.NOT_WOVEN.message(
                        "this class has async bodies, and annotation processing is off, without which they can't be woven",
                        "put latent-compiler on the processor path, and take away -proc:none"));
    }

    private static FileObject resource(Filer filer, String name) throws IOException {
        int dot = name.lastIndexOf('.');
        String folder = dot < 0 ? "" : name.substring(0, dot);
        return filer.getResource(StandardLocation.CLASS_OUTPUT, folder, name.substring(dot + 1) + ".class");
    }

    /** javac forbids to open its own output a second time by the Filer, so a file is written as a file. */
    private static void write(Filer filer, String name, byte[] content, TypeElement type) throws IOException {
        FileObject file = resource(filer, name);
        if ("file".equals(file.toUri().getScheme())) {
            Files.write(Path.of(file.toUri()), content);
            return;
        }
        int dot = name.lastIndexOf('.');
        FileObject made = filer.createResource(
                StandardLocation.CLASS_OUTPUT,
                dot < 0 ? "" : name.substring(0, dot),
                name.substring(dot + 1) + ".class",
                type);
        try (OutputStream out = made.openOutputStream()) {
            out.write(content);
        }
    }

    private void report(TaskEvent event, int line, String message) {
        CompilationUnitTree unit = event.getCompilationUnit();
        Trees.instance(task).printMessage(Diagnostic.Kind.ERROR, message, bodies.at(unit, line), unit);
    }
}
