package dev.latent.junit;

import dev.latent.Future;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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
                        look(type, cx.getIssueReporter());
                        return false;
                    })
                    .addSelectorResolver(cx -> new Finder(cx.getIssueReporter()))
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
            look(nested, reporter);
        }
    }

    @Override
    public void execute(ExecutionRequest request) {
        TestDescriptor none = request.getRootTestDescriptor();
        request.getEngineExecutionListener().executionStarted(none);
        request.getEngineExecutionListener().executionFinished(none, TestExecutionResult.successful());
    }
}
