package dev.latent.compiler;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import javax.annotation.processing.Filer;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/** One run of javac: weaves each class as soon as javac has written it, and says what could not be woven where it stands. */
final class Compilation implements TaskListener {
    /**
     * From the processor to the plugin of the same javac: both run on the thread of that javac, and nothing else of the exported
     * API connects them. Cleared when the compilation ends.
     */
    private static final ThreadLocal<Filer> FILER = new ThreadLocal<>();

    private final JavacTask task;
    private final ElementOracle oracle;
    private final BodyTrees bodies = new BodyTrees();

    Compilation(JavacTask task) {
        this.task = task;
        this.oracle = new ElementOracle(task);
    }

    static void offer(Filer filer) {
        FILER.set(filer);
    }

    @Override
    public void finished(TaskEvent event) {
        switch (event.getKind()) {
            case ANALYZE -> analyzed(event);
            case GENERATE -> generated(event);
            case COMPILATION -> FILER.remove();
            default -> {}
        }
    }

    private void analyzed(TaskEvent event) {
        Trees trees = Trees.instance(task);
        TreePath path = event.getTypeElement() == null ? null : trees.getPath(event.getTypeElement());
        if (path != null) {
            oracle.remember(path, trees);
            bodies.remember(path, trees, oracle);
            new Lints(trees, oracle, path.getCompilationUnit()).scan(path, null);
        }
    }

    private void generated(TaskEvent event) {
        TypeElement type = event.getTypeElement();
        if (type == null || type.getSimpleName().contentEquals("module-info")) {
            return;
        }
        String name = task.getElements().getBinaryName(type).toString();
        try {
            Filer filer = FILER.get();
            if (filer == null) {
                notWoven(event);
                return;
            }
            FileObject file = resource(filer, name);
            byte[] written;
            try (InputStream in = file.openInputStream()) {
                written = in.readAllBytes();
            }
            for (Map.Entry<String, byte[]> e : Weaver.weave(written, oracle).entrySet()) {
                write(filer, e.getKey().replace('/', '.'), e.getValue(), type);
            }
        } catch (WeaveException e) {
            report(event, e.id(), e.line(), String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            // After an error javac writes no more classes, and says why itself.
        } catch (IOException | RuntimeException e) {
            report(event, "not-woven", 0, name + " could not be woven: " + e);
        }
    }

    private void notWoven(TaskEvent event) {
        if (bodies.in(event.getCompilationUnit())) {
            report(
                    event,
                    "not-woven",
                    0,
                    "this class has async bodies, and annotation processing is off, without which they can't be woven: put"
                            + " latent-compiler on the processor path, and take away -proc:none");
        }
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

    private void report(TaskEvent event, String id, int line, String message) {
        CompilationUnitTree unit = event.getCompilationUnit();
        Trees.instance(task)
                .printMessage(Diagnostic.Kind.ERROR, "[latent:" + id + "] " + message, bodies.at(unit, line), unit);
    }
}
