package dev.latent;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A class under Lincheck: its {@code @Operation}s are called by several threads, and what they return must be what the {@link #model}
 * would have returned in some order. Twice: with real threads, and with every switch between threads chosen by Lincheck, which
 * tries orders without repeating one and, when it fails, prints the one that failed. What it generates is the same in each run, so a failure needs no seed.
 *
 * <p>A subclass has the operations, a model with methods of the same names, and where random calls would make no sense (one waits for what
 * another has to do) its own {@link #scenarios}. {@code -Dlatent.lincheck} multiplies both the scenarios and the runs of each.
 */
public abstract class Linearizable {
    private static final int FACTOR = Integer.getInteger("latent.lincheck", 1);

    private final Class<?> model;

    /** @param model what it does when one thread calls it: a class with the same operations */
    protected Linearizable(Class<?> model) {
        this.model = model;
    }

    /** {@return what is tried beside, or with {@link #random} false instead of, random calls; by default nothing} */
    protected List<ExecutionScenario> scenarios() {
        return List.of();
    }

    /** {@return whether operations may be called in any order and number} */
    protected boolean random() {
        return scenarios().isEmpty();
    }

    /** Threads of random calls. */
    protected int threads() {
        return 2;
    }

    @Test
    final void withRealThreads() {
        check(new StressOptions(), 5, 100);
    }

    @Test
    final void withChosenSwitches() {
        // It is for people, keeps what all locks of this JVM have done, and now and then goes through that: no loop
        // that waits for another thread.
        var forPeople = ManagedStrategyGuaranteeKt.forClasses("dev.latent.task.Deadlocks")
                .allMethods()
                .ignore();
        check(
                new ModelCheckingOptions().addGuarantee(forPeople),
                20,
                scenarios().isEmpty() ? 30 : 60);
    }

    private void check(Options<?, ?> options, int scenarios, int runs) {
        List<ExecutionScenario> own = scenarios();
        int generated = random() ? scenarios * FACTOR : 0;
        options.iterations(generated)
                .invocationsPerIteration(runs * FACTOR)
                .threads(threads())
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(model);
        own.forEach(options::addCustomScenario);
        options.check(getClass());
        System.out.printf(
                "lincheck: %s, %s: %d scenarios, %d runs of each at most%n",
                getClass().getSimpleName(),
                options instanceof StressOptions ? "real threads" : "chosen switches",
                generated + own.size(),
                runs * FACTOR);
    }

    /** {@return one thread's calls} */
    protected static List<Actor> thread(Actor... calls) {
        return List.of(calls);
    }

    /** {@return a call of {@code operation}} */
    protected final Actor call(String operation, Object... arguments) {
        Method method = Arrays.stream(getClass().getMethods())
                .filter(m -> m.getName().equals(operation))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    /** {@return a scenario: {@code threads} at the same time} */
    @SafeVarargs
    @SuppressWarnings("varargs")
    protected static ExecutionScenario together(List<Actor>... threads) {
        return after(List.of(), threads);
    }

    /** {@return a scenario: {@code before}, and then {@code threads} at the same time} */
    @SafeVarargs
    @SuppressWarnings("varargs")
    protected static ExecutionScenario after(List<Actor> before, List<Actor>... threads) {
        return new ExecutionScenario(before, List.of(threads), List.of(), null);
    }
}
