package dev.latent.compiler.javac;

import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Weaves what javac generates, by a class that an older JDK can't load; see {@link LatentPlugin}, which says so there. */
public final class LatentProcessor extends AbstractProcessor {
    private final Processor weaver = LatentPlugin.isTooOld() ? new Nothing() : weaver();

    /** For the service loader. */
    public LatentProcessor() {}

    private static Processor weaver() {
        try {
            return (Processor) Class.forName("dev.latent.compiler.javac.WeavingProcessor")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Set<String> getSupportedOptions() {
        return weaver.getSupportedOptions();
    }

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return weaver.getSupportedAnnotationTypes();
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        weaver.init(environment);
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        return weaver.process(annotations, round);
    }

    private static final class Nothing extends AbstractProcessor {
        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            return false;
        }
    }
}
