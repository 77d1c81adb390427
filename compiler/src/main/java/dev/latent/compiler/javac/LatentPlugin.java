package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.model.ElementOracle;
import java.util.HashSet;
import java.util.Set;
import javax.tools.Diagnostic;

/**
 * Stops a build whose async bodies nobody would weave. javac starts a plugin where it doesn't start {@link LatentProcessor}: when
 * annotation processing is off, from the class path, and beside a processor that leaves nothing to others.
 */
public final class LatentPlugin implements Plugin {
    /** For the service loader. */
    public LatentPlugin() {}

    @Override
    public String getName() {
        return "Latent";
    }

    @Override
    public boolean autoStart() {
        return true;
    }

    @Override
    public void init(JavacTask task, String... arguments) {
        AtWork.end(task);
        task.addTaskListener(new Watch(task));
    }

    private static final class Watch implements TaskListener {
        private final JavacTask task;
        private final ElementOracle oracle;
        private final BodyTrees bodies = new BodyTrees();
        private final TwoFutures twoFutures = new TwoFutures();
        private final Set<CompilationUnitTree> told = new HashSet<>();
        private boolean processing;
        private boolean rounds;

        Watch(JavacTask task) {
            this.task = task;
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
    }
}
