package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.lint.Lints;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.model.ElementOracle;
import dev.latent.compiler.model.Options;
import dev.latent.compiler.model.ThreadBound;
import dev.latent.compiler.weave.Weaver;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** One run of javac: weaves each class as soon as javac has written it, and says what could not be woven where it stands. */
final class Compilation implements TaskListener {
    private final JavacTask task;
    private final Trees trees;
    private final ElementOracle oracle;
    private final BodyTrees bodies = new BodyTrees();
    private final Lints lints = new Lints();
    private final Options options;
    private final Analysis analysis;
    private final ClassFiles files;

    private @Nullable FrameReports frames;
    private boolean failed;

    Compilation(JavacTask task, ProcessingEnvironment environment) {
        this.task = task;
        this.trees = Trees.instance(task);
        this.options = new Options(environment);
        this.oracle = new ElementOracle(task, options.get(ThreadBound.OPTION, ThreadBound::listed));
        this.analysis = new Analysis(task, oracle, options);
        this.files = new ClassFiles(environment.getFiler(), task.getElements());
    }

    @Override
    public void finished(TaskEvent event) {
        switch (event.getKind()) {
            case ANALYZE -> analyzed(event);
            case GENERATE -> generated(event);
            case COMPILATION -> {
                if (frames != null) {
                    frames.write();
                }
                AtWork.end(task);
            }
            default -> {}
        }
    }

    private void analyzed(TaskEvent event) {
        BodyTrees.declared(event, trees).ifPresent(path -> {
            List<TreePath> found = SourceWalk.through(path, trees, oracle, bodies, lints.kinds());
            lints.check(found, bodies.in(path.getCompilationUnit()), analysis);
        });
    }

    private void generated(TaskEvent event) {
        TypeElement type = event.getTypeElement();
        if (type == null || failed || analysis.failed() || type.getSimpleName().contentEquals("module-info")) {
            return;
        }
        try {
            if (bodies.in(event.getCompilationUnit()) || oracle.bound().hasFound(type) || oracle.handsOver(type)) {
                ClassFiles.Written file = files.of(type);
                file.write(Weaver.weave(file.read(), oracle, frame -> frames().add(
                                frame, event.getCompilationUnit(), bodies, analysis)));
            }
            files.sweep(type);
        } catch (WeaveException e) {
            report(event, e.line(), String.valueOf(e.getMessage()));
        } catch (FileNotFoundException | NoSuchFileException e) {
            report(
                    event,
                    0,
                    Rule.NOT_WOVEN.message(
                            "javac wrote no " + type + " that can be read back, as in IntelliJ's own build",
                            "where there is no other error, let Maven or Gradle build, in IntelliJ too, or run with"
                                    + " the java agent"));
        } catch (IOException e) {
            report(
                    event,
                    0,
                    Rule.NOT_WOVEN.message(
                            "the class file of " + type + " can't be read or written back: " + e,
                            "see to its folder and the room on its disk, and compile again"));
        } catch (RuntimeException e) {
            String file =
                    event.getSourceFile() == null ? "?" : event.getSourceFile().getName();
            WeaveException fault = WeaveException.fault(type.toString(), "", file, 0, e);
            report(event, fault.line(), String.valueOf(fault.getMessage()));
        }
    }

    private FrameReports frames() {
        if (frames == null) {
            frames = new FrameReports(options, task.getElements());
        }
        return frames;
    }

    private void report(TaskEvent event, int line, String message) {
        // After an error javac writes no more classes.
        failed = true;
        CompilationUnitTree unit = event.getCompilationUnit();
        trees.printMessage(Diagnostic.Kind.ERROR, message, bodies.at(unit, line), unit);
    }
}
