package dev.latent.junit;

import dev.latent.Future;

/** Where tests and the methods around them hand over their futures. Called by woven code only. */
public final class Handover {
    /** The test around. */
    static final ScopedValue<TestRun> CURRENT = ScopedValue.newInstance();

    private Handover() {}

    /**
     * Runs {@code future} to its end, where the test runs that is under way on this thread; without one, on its own.
     *
     * @throws Exception what it threw; for its length or for what it left also an {@link AssertionError}
     */
    public static void run(Future<?> future) throws Exception {
        if (CURRENT.isBound()) {
            CURRENT.get().run(future);
            return;
        }
        TestRun alone = new TestRun("a method around tests", Settings.DEFAULT.chosen());
        Throwable failure = null;
        try {
            alone.run(future);
        } catch (Throwable t) {
            failure = alone.note().on(t);
        }
        try {
            alone.end(failure != null);
        } catch (AssertionError e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
        if (failure instanceof Exception e) {
            throw e;
        } else if (failure != null) {
            throw (Error) failure;
        }
    }
}
