package dev.latent.junit;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** An {@link AsyncTest} once for each of its seeds. */
final class SeedProvider implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), AsyncTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Settings settings = Settings.of(context.getRequiredTestMethod()).chosen();
        if (settings.seeds() < 1) {
            throw new IllegalArgumentException("seeds = " + settings.seeds() + ": at least one is needed");
        }
        return LongStream.range(0, settings.seeds())
                .mapToObj(i -> new Invocation(settings.withSeed(settings.seed() + i)));
    }

    private record Invocation(Settings settings) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return "seed " + settings.seed();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new RunExtension(settings));
        }
    }
}
