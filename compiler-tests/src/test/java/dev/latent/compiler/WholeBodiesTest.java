package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * What holds of bodies holds as well where there is a debugger, so that they run in one method from start to end: the tests of it, in a JVM that
 * believes so.
 */
class WholeBodiesTest {
    private static final List<String> TESTS = List.of(
            "AwaitTraceTest",
            "ClosingTest",
            "ControlFlowTest",
            "DropTest",
            "FinallyTest",
            "LocalsTest",
            "NowOrTest",
            "OperandStackTest",
            "SameAsPlainTest",
            "UndeliveredTest",
            "WovenTest",
            "generated.GeneratedProgramsTest");

    @Test
    void passTheTestsOfBodies() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Dlatent.debugger=true",
                        "-Dlatent.programs=30",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WholeBodiesTest.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, java.waitFor(), said);
        } finally {
            java.destroyForcibly();
        }
    }

    /** Runs the tests: exits with 1 if any has failed. */
    public static void main(String[] args) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(TESTS.stream()
                                        .map(test -> DiscoverySelectors.selectClass("dev.latent.compiler." + test))
                                        .toList())
                                .build(),
                        summary);
        TestExecutionSummary of = summary.getSummary();
        of.printFailuresTo(new PrintWriter(System.out, true), 20);
        System.out.println(of.getTestsSucceededCount() + " tests succeeded");
        System.exit(of.getTotalFailureCount() == 0 && of.getTestsSucceededCount() >= TESTS.size() ? 0 : 1);
    }
}
