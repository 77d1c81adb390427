package dev.latent.compiler.javac;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import javax.tools.Diagnostic;

/**
 * Stops a build whose async bodies nobody would weave, and one by a javac that is too old. javac starts a plugin where it doesn't start {@link LatentProcessor}: when
 * annotation processing is off, from the class path, and beside a processor that leaves nothing to others.
 *
 * <p>This class and {@link LatentProcessor} are compiled for older JDKs, or these could not load them to be told so. They name no other
 * class of ours but by reflection, as javac can't read those for an older release.
 */
public final class LatentPlugin implements Plugin {
    /** What the weaver is written for. */
    private static final int FLOOR = 25;

    /** For the service loader. */
    public LatentPlugin() {}

    @Override
    public String getName() {
        return "Latent";
    }

    /** Overrides what the release that this is compiled for does not have yet. */
    @SuppressWarnings("MissingOverride")
    public boolean autoStart() {
        return true;
    }

    @Override
    public void init(JavacTask task, String... arguments) {
        if (isTooOld()) {
            task.addTaskListener(new TooOld(task));
        } else {
            try {
                Class.forName("dev.latent.compiler.javac.NotWovenWatch")
                        .getDeclaredMethod("over", JavacTask.class)
                        .invoke(null, task);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static boolean isTooOld() {
        return Runtime.version().feature() < FLOOR;
    }

    /** Says so at the first file, before anything else is said of it. */
    private static final class TooOld implements TaskListener {
        private final JavacTask task;
        private boolean told;

        TooOld(JavacTask task) {
            this.task = task;
        }

        @Override
        public void started(TaskEvent event) {}

        @Override
        public void finished(TaskEvent event) {
            if (event.getKind() == TaskEvent.Kind.PARSE && !told) {
                told = true;
                Trees.instance(task)
                        .printMessage(
                                Diagnostic.Kind.ERROR,
                                "Latent needs JDK " + FLOOR + " or newer, and this is javac of JDK "
                                        + Runtime.version().feature()
                                        + ": set JAVA_HOME, or the build's toolchain, to a newer one",
                                event.getCompilationUnit(),
                                event.getCompilationUnit());
            }
        }
    }
}
