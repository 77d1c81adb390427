package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;
import org.junit.jupiter.api.Test;

/** JaCoCo over woven classes: which lines of a body ran, before and after its awaits. Each line's mark says what it must find. */
class CoverageTest {
    private static final String SOURCE = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            public class Shop {
                public static Future<String> sell(java.util.function.Supplier<Future<Integer>> order, boolean dear) {
                    return async(() -> { // ran
                        String said = "before"; // ran
                        int count = await(order.get()); // ran
                        if (dear) { // ran
                            said += " dear"; // missed
                            count += await(order.get()); // missed
                        } else {
                            said += " cheap"; // ran
                        }
                        try {
                            said += await(order.get()) + count; // ran
                        } finally {
                            said += "!"; // ran
                        }
                        return said; // ran
                    });
                }
                public static Future<String> never() {
                    return async(() -> { // ran
                        await(sell(null, true)); // missed
                        return "never"; // missed
                    });
                }
            }
            """;

    private final LoggerRuntime runtime = new LoggerRuntime();
    private final RuntimeData data = new RuntimeData();

    @Test
    void linesOfBodies() throws Exception {
        Javac.Result result = Build.woven().add("-g").compile(Map.of("Shop", SOURCE));
        assertEquals(List.of(), result.diagnostics());
        runtime.startup(data);
        Drive drive = new Drive();
        ClassLoader loader = instrumented(result.classes());
        Supplier<Future<Integer>> order = () -> new Suspending(new int[1]);
        Future<?> sold = (Future<?>) loader.loadClass("Shop")
                .getMethod("sell", Supplier.class, boolean.class)
                .invoke(null, order, false);
        assertEquals("before cheap2!", drive.run(sold));
        loader.loadClass("Shop").getMethod("never").invoke(null);
        runtime.shutdown();

        ISourceFileCoverage lines = analyze(result.classes());
        Map<Integer, String> expected = IntStream.rangeClosed(
                        1, (int) SOURCE.lines().count())
                .boxed()
                .filter(n -> line(n).contains("// "))
                .collect(Collectors.toMap(n -> n, n -> line(n).substring(line(n).indexOf("// ") + 3)));
        assertEquals(
                expected,
                expected.keySet().stream()
                        .collect(Collectors.toMap(
                                n -> n,
                                n -> lines.getLine(n).getStatus() == ICounter.NOT_COVERED
                                        ? "missed"
                                        : lines.getLine(n).getStatus() == ICounter.EMPTY ? "empty" : "ran")));
    }

    private static String line(int number) {
        return SOURCE.lines().skip(number - 1L).findFirst().orElseThrow();
    }

    /** Pending at first. */
    private record Suspending(int[] polls) implements Future<Integer> {
        @Override
        public Poll<Integer> poll(Context cx) {
            return polls[0]++ == 0 ? Poll.pending() : Poll.ready(1);
        }

        @Override
        public void drop() {}
    }

    private ClassLoader instrumented(Path classes) {
        Instrumenter instrumenter = new Instrumenter(runtime);
        return new ClassLoader(CoverageTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                Path file = classes.resolve(name.replace('.', '/') + ".class");
                if (Files.notExists(file)) {
                    throw new ClassNotFoundException(name);
                }
                try {
                    byte[] probed = instrumenter.instrument(Files.readAllBytes(file), name);
                    return defineClass(name, probed, 0, probed.length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private ISourceFileCoverage analyze(Path classes) throws IOException {
        ExecutionDataStore executed = new ExecutionDataStore();
        data.collect(executed, new SessionInfoStore(), false);
        CoverageBuilder coverage = new CoverageBuilder();
        new Analyzer(executed, coverage).analyzeAll(classes.toFile());
        return coverage.getSourceFiles().iterator().next();
    }
}
