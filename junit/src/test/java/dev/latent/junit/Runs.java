package dev.latent.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs tests of another class by JUnit itself. */
final class Runs {
    private Runs() {}

    static Events of(Class<?> tests, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(tests, named(tests, method)))
                .execute()
                .testEvents();
    }

    private static Method named(Class<?> tests, String method) {
        return Arrays.stream(tests.getDeclaredMethods())
                .filter(m -> m.getName().equals(method))
                .findFirst()
                .orElseThrow();
    }

    /** {@return what the only test there threw} */
    static Throwable failure(Class<?> tests, String method) {
        List<Throwable> failures = failures(of(tests, method));
        Assertions.assertEquals(1, failures.size(), "failures of " + method);
        return failures.getFirst();
    }

    /** {@return what tests and the methods around them threw} */
    static List<Throwable> allFailures(Class<?> tests) {
        return failures(EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .allEvents());
    }

    static List<Throwable> failures(Events events) {
        return events.finished().stream()
                .map(Runs::failure)
                .filter(t -> t != null)
                .toList();
    }

    private static Throwable failure(Event event) {
        var result = event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class);
        return result.getStatus() == Status.SUCCESSFUL
                ? null
                : result.getThrowable().orElseThrow();
    }

    /** {@return all that somebody sees of it} */
    static String shown(Throwable t) {
        StringWriter text = new StringWriter();
        t.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    static long seed(Throwable t) {
        for (Throwable other : t.getSuppressed()) {
            if (other instanceof SeedNote note) {
                return note.seed();
            }
        }
        throw new AssertionError("no seed", t);
    }
}
