package dev.latent.compiler.javac;

import com.sun.source.util.JavacTask;
import dev.latent.compiler.lint.source.Levels;
import dev.latent.compiler.model.ThreadBound;
import java.util.ServiceLoader;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/**
 * Weaves what javac generates; {@link LatentProcessor} is what javac starts. It processes no annotation: it is a processor because javac hands the {@code Filer}, the only way
 * to its class files in the exported API, to processors alone.
 */
@SupportedAnnotationTypes("*")
@SupportedOptions({
    Levels.OPTION,
    ThreadBound.OPTION,
    "latent.blocking",
    "latent.proxies",
    FrameReports.FILE,
    FrameReports.LIMIT
})
final class WeavingProcessor extends AbstractProcessor {
    private boolean alone;

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        alone = ServiceLoader.load(Processor.class, LatentProcessor.class.getClassLoader()).stream()
                        .count()
                == 1;
        JavacTask task = Unwrapped.task(environment);
        if (task == null) {
            environment
                    .getMessager()
                    .printMessage(
                            Diagnostic.Kind.NOTE,
                            "Latent weaves nothing here: "
                                    + environment.getClass().getName() + " is not javac's processing environment");
        } else if (AtWork.begin(task)) {
            task.addTaskListener(new Compilation(task, environment));
        }
    }

    /**
     * Alone on its path it claims every annotation, for nobody else to miss: {@code -Xlint:processing} complains of annotations
     * that no processor claims as soon as there is any processor.
     */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return alone;
    }
}
