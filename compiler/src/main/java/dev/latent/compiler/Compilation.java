package dev.latent.compiler;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.annotation.processing.Filer;
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
    private static final ThreadLocal<Filer> FILER = new ThreadLocal<>();

    private final JavacTask task;
    private final ElementOracle oracle;

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
            case ANALYZE -> oracle.analyzed(event);
            case GENERATE -> generated(event);
            case COMPILATION -> FILER.remove();
            default -> {}
        }
    }

    private void generated(TaskEvent event) {
        TypeElement type = event.getTypeElement();
        if (type == null) {
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
            report(event, e.id(), e.line(), e.getMessage());
        } catch (IOException | RuntimeException e) {
            report(event, "not-woven", 0, name + " could not be woven: " + e);
        }
    }

    private void notWoven(TaskEvent event) {
        if (oracle.hasAsyncBodies(event.getCompilationUnit())) {
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
                StandardLocation.CLASS_OUTPUT, dot < 0 ? "" : name.substring(0, dot), name.substring(dot + 1) + ".class", type);
        try (OutputStream out = made.openOutputStream()) {
            out.write(content);
        }
    }

    private void report(TaskEvent event, String id, int line, String message) {
        CompilationUnitTree unit = event.getCompilationUnit();
        Trees trees = Trees.instance(task);
        Tree at = line > 0 ? treeAt(unit, line, trees.getSourcePositions()) : null;
        if (at == null) {
            at = trees.getTree(event.getTypeElement());
        }
        String text = "[latent:" + id + "] " + message;
        trees.printMessage(Diagnostic.Kind.ERROR, text, at == null ? unit : at, unit);
    }

    private static @Nullable Tree treeAt(CompilationUnitTree unit, int line, SourcePositions positions) {
        return new TreeScanner<@Nullable Tree, @Nullable Void>() {
            @Override
            public @Nullable Tree scan(@Nullable Tree tree, @Nullable Void nothing) {
                if (tree == null) {
                    return null;
                }
                long start = positions.getStartPosition(unit, tree);
                if (start >= 0 && !(tree instanceof ClassTree) && unit.getLineMap().getLineNumber(start) == line) {
                    return tree;
                }
                return super.scan(tree, nothing);
            }

            @Override
            public @Nullable Tree reduce(@Nullable Tree a, @Nullable Tree b) {
                return a != null ? a : b;
            }
        }.scan(unit, null);
    }
}
