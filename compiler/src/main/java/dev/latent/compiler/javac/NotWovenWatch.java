package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.model.ElementOracle;
import dev.latent.compiler.names.Core;
import java.util.HashSet;
import java.util.Set;
import javax.tools.Diagnostic;

/** Stops a build whose async bodies nobody would weave; {@link LatentPlugin} is what javac starts. */
final class NotWovenWatch implements TaskListener {
    private final JavacTask task;
    private final ElementOracle oracle;
    private final BodyTrees bodies = new BodyTrees();
    private final TwoFutures twoFutures = new TwoFutures();
    private final Set<CompilationUnitTree> told = new HashSet<>();
    private final boolean launched;
    private boolean processing;
    private boolean rounds;

    private NotWovenWatch(JavacTask task, boolean launched) {
        this.task = task;
        this.launched = launched;
        this.oracle = new ElementOracle(task, Set.of());
    }

    @Override
    public void started(TaskEvent event) {
        processing |= event.getKind() == TaskEvent.Kind.ANNOTATION_PROCESSING;
        rounds |= event.getKind() == TaskEvent.Kind.ANNOTATION_PROCESSING_ROUND;
    }

    @Override
    public void finished(TaskEvent event) {
        if (event.getKind() == TaskEvent.Kind.COMPILATION) {
            AtWork.end(task);
        } else if (event.getKind() == TaskEvent.Kind.PARSE) {
            KeywordsOfOthers.check(event.getCompilationUnit(), task);
        } else if (event.getKind() == TaskEvent.Kind.ENTER) {
            twoFutures.check(event.getCompilationUnit(), task);
        } else if (event.getKind() == TaskEvent.Kind.ANALYZE && !AtWork.in(task)) {
            check(event);
        }
    }

    private void check(TaskEvent event) {
        if (processing && !rounds) {
            return; // an error such as a class declared twice, after which javac runs no processor at all
        }
        CompilationUnitTree unit = event.getCompilationUnit();
        Trees trees = Trees.instance(task);
        BodyTrees.declared(event, trees)
                .filter(path -> !bodies.in(unit))
                .ifPresent(path -> SourceWalk.through(path, trees, oracle, bodies, Set.of()));
        if (bodies.in(unit) && told.add(unit)) {
            trees.printMessage(Diagnostic.Kind.ERROR, message(), bodies.at(unit, 0), unit);
        }
    }

    private String message() {
        if (launched) {
            return Rule.NOT_WOVEN.message(
                    "this class has async bodies, and java runs a source file without the processor that weaves them",
                    "let the agent weave them: java -javaagent:latent-compiler.jar …, or run the file by latent run");
        }
        return processing
                ? Rule.NOT_WOVEN.message(
                        "this class has async bodies, and javac does not run the processor that weaves them: another one"
                                + " claims every annotation, or -processor names only others",
                        "put latent-compiler before that one on the processor path, or name "
                                + LatentProcessor.class.getName() + " too")
                : Rule.NOT_WOVEN.message(
                        "this class has async bodies, and annotation processing is off, without which they can't be woven",
                        "put latent-compiler on the processor path, and take away -proc:none");
    }

    /** Begins with a run of javac. */
    static void over(JavacTask task) {
        AtWork.end(task);
        boolean launched = isLaunched();
        if (!launched || System.getProperty(Core.AGENT_PROPERTY) == null) {
            task.addTaskListener(new NotWovenWatch(task, launched));
        }
    }

    /** {@return whether {@code java File.java} compiles, which runs no processor and keeps the classes for this JVM} */
    private static boolean isLaunched() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(f -> f.getClassName().startsWith("com.sun.tools.javac.launcher.")));
    }
}
