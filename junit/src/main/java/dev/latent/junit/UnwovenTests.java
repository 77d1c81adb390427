package dev.latent.junit;

import dev.latent.Future;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.DiscoveryIssue;
import org.junit.platform.engine.DiscoveryIssue.Severity;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.engine.support.discovery.DiscoveryIssueReporter;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;
import org.junit.platform.engine.support.discovery.SelectorResolver;

/**
 * An engine without tests, which fails a run that would leave some out: those that return futures, in classes that were not woven. JUnit Jupiter sees no
 * tests there, and says so in the log only. JUnit finds it as a service.
 */
public final class UnwovenTests implements TestEngine {
    private static final EngineDiscoveryRequestResolver<TestDescriptor> RESOLVER =
            EngineDiscoveryRequestResolver.builder()
                    .addClassContainerSelectorResolverWithContext(cx -> type -> {
                        look(type, once(cx.getIssueReporter()));
                        return false;
                    })
                    .addSelectorResolver(cx -> new Finder(once(cx.getIssueReporter())))
                    .build();

    /** As JUnit wants it. */
    public UnwovenTests() {}

    @Override
    public String getId() {
        return "latent-unwoven";
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
        TestDescriptor none = new EngineDescriptor(id, "Latent: tests that were not woven");
        RESOLVER.resolve(request, none);
        return none;
    }

    /** Several classes may inherit the same method. */
    private static DiscoveryIssueReporter once(DiscoveryIssueReporter reporter) {
        return DiscoveryIssueReporter.deduplicating(reporter);
    }

    /** Resolves nothing. */
    private record Finder(DiscoveryIssueReporter reporter) implements SelectorResolver {
        @Override
        public Resolution resolve(ClassSelector selector, Context context) {
            look(selector.getJavaClass(), reporter);
            return Resolution.unresolved();
        }

        @Override
        public Resolution resolve(MethodSelector selector, Context context) {
            look(selector.getJavaClass(), reporter);
            return Resolution.unresolved();
        }
    }

    private static void look(Class<?> type, DiscoveryIssueReporter reporter) {
        look(type, reporter, new HashSet<>());
    }

    /** What a class inherits runs with it, or is left out: it may have been compiled elsewhere. */
    private static void look(@Nullable Class<?> type, DiscoveryIssueReporter reporter, Set<Class<?>> seen) {
        if (type == null || type == Object.class || !seen.add(type)) {
            return;
        }
        look(type.getSuperclass(), reporter, seen);
        for (Class<?> inherited : type.getInterfaces()) {
            look(inherited, reporter, seen);
        }
        for (Method method : type.getDeclaredMethods()) {
            if (Future.class.isAssignableFrom(method.getReturnType())
                    && !Modifier.isAbstract(method.getModifiers())
                    && (AnnotationSupport.isAnnotated(method, AsyncTest.class)
                            || AnnotationSupport.isAnnotated(method, Awaited.class))) {
                reporter.reportIssue(DiscoveryIssue.builder(
                                Severity.ERROR,
                                method.toGenericString() + " would not run, since its class was not woven: put"
                                        + " latent-compiler on the processor path of the tests' compilation too")
                        .source(MethodSource.from(method)));
            }
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            look(nested, reporter, seen);
        }
    }

    @Override
    public void execute(ExecutionRequest request) {
        TestDescriptor none = request.getRootTestDescriptor();
        request.getEngineExecutionListener().executionStarted(none);
        request.getEngineExecutionListener().executionFinished(none, TestExecutionResult.successful());
    }
}
