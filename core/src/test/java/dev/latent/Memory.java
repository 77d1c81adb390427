package dev.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Memory that runs out when a test says so. In classes that a {@link ScarceLoader} has loaded, {@link #take} stands in front of everything that allocates; so
 * each of these places can be the one at which there is no memory, alone, or from there on.
 */
public final class Memory {
    /** Without a trace, which would be that of the first. */
    private static final OutOfMemoryError NONE = new OutOfMemoryError("of a test") {
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    };

    /** Below zero: there is as much as anybody wants. */
    private static int left = -1;

    private static boolean forGood;
    private static int refused;

    private Memory() {}

    /** Called before whatever allocates. */
    public static void take() {
        if (left < 0) {
            return;
        }
        if (left > 0) {
            left--;
            return;
        }
        refused++;
        if (!forGood) {
            left = -1;
        }
        throw NONE;
    }

    /** Something that may throw. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws Throwable;
    }

    /** One run of a scene. */
    public static final class Run {
        private final int allocations;
        private final boolean rest;

        private Run(int allocations, boolean rest) {
            this.allocations = allocations;
            this.rest = rest;
        }

        /** Does {@code action} with the memory that this run has: {@return whether it did without more} */
        public boolean scarce(Action action) {
            left = allocations;
            forGood = rest;
            try {
                action.run();
                return true;
            } catch (OutOfMemoryError none) {
                return false;
            } catch (Throwable t) {
                left = -1;
                throw new AssertionError("threw something else", t);
            } finally {
                left = -1;
            }
        }

        @Override
        public String toString() {
            return "after " + allocations + " allocations " + (rest ? "there is no memory any more" : "one fails");
        }
    }

    /**
     * Runs {@code scene} once for each place at which the memory may end: first as if only that allocation failed, then as if all from there on did.
     */
    public static void endsAnywhere(String name, Consumer<Run> scene) {
        int runs = runs(name, scene);
        if (runs == 0) {
            throw new AssertionError(name + " took no memory");
        }
        System.out.println("no memory: " + name + ", " + runs + " places");
    }

    /** As {@link #endsAnywhere}, where it is all the same whether it takes any. */
    public static void mayEnd(String name, Consumer<Run> scene) {
        System.out.println("no memory: " + name + ", " + runs(name, scene) + " places");
    }

    /** Runs {@code scene}, whose actions take no memory at all. */
    public static void isNotTaken(String name, Consumer<Run> scene) {
        int runs = runs(name, scene);
        if (runs != 0) {
            throw new AssertionError(name + " took memory at " + runs + " places");
        }
    }

    private static int runs(String name, Consumer<Run> scene) {
        scene.accept(new Run(-1, false)); // so that all classes are there
        int runs = 0;
        List<Throwable> wrong = new ArrayList<>();
        for (boolean rest : new boolean[] {false, true}) {
            for (int n = 0; ; n++) {
                refused = 0;
                Run run = new Run(n, rest);
                try {
                    scene.accept(run);
                } catch (Throwable t) {
                    wrong.add(new AssertionError(run.toString(), t));
                }
                left = -1;
                if (refused == 0) {
                    break;
                }
                runs++;
            }
        }
        if (!wrong.isEmpty()) {
            AssertionError all =
                    new AssertionError(wrong.size() + " of " + runs + " runs of " + name, wrong.getFirst());
            wrong.stream().skip(1).forEach(all::addSuppressed);
            throw all;
        }
        return runs;
    }
}
