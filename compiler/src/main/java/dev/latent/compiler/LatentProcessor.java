package dev.latent.compiler;

import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Brings the {@code Filer} and the options to {@link LatentPlugin}, which can't have its own; processes nothing. */
@SupportedAnnotationTypes("*")
@SupportedOptions({Levels.OPTION, "latent.blocking"})
public final class LatentProcessor extends AbstractProcessor {
    /** For the service loader. */
    public LatentProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        Compilation.offer(environment);
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return false;
    }
}
