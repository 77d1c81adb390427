package dev.latent.examples;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a class by JUnit, as a build does. */
final class SourceTests {
    private SourceTests() {}

    /** {@return of each method, by name, what became of it: under many seeds, of the last that failed} */
    static Stream<String> run(Class<?> tests) {
        Map<String, String> outcomes = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.getSource().orElse(null) instanceof MethodSource method && test.isTest()) {
                    outcomes.merge(
                            method.getMethodName(),
                            result.getThrowable().map(SourceTests::said).orElse("passed"),
                            (before, now) -> now.equals("passed") ? before : now);
                } else {
                    result.getThrowable().ifPresent(t -> outcomes.put(test.getDisplayName(), said(t)));
                }
            }
        });
        return outcomes.entrySet().stream().map(o -> o.getKey() + ": " + o.getValue());
    }

    private static String said(Throwable failure) {
        return failure.toString().lines().findFirst().orElseThrow();
    }
}
