package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An Error in a body that is about to suspend, for want of memory for its frame. */
final class BrokenFrameTest {
    private final AtomicInteger victimRuns = new AtomicInteger();
    private final Probe leaf = new Probe("leaf").waiting();
    private final Context cx = new Context(new TestExecutor());

    private abstract static class Woven1 extends AsyncFrame<String> {
        @Override
        public @Nullable Object startCalled(@Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth)
                throws Throwable {
            return Woven.called(start(cx, depth), this, caller, cx);
        }

        @Override
        protected StackTraceElement location(int point) {
            return new StackTraceElement("dev.latent.BrokenFrameTest", "body", "BrokenFrameTest.java", point);
        }
    }

    private final class Victim extends Woven1 {
        @Override
        protected Object start(Context cx, int depth) {
            victimRuns.getAndIncrement();
            return "victim";
        }
    }

    /** Awaits the victim in a run that has no frame yet, and gets none. */
    private final class Broken extends Woven1 {
        @Override
        protected @Nullable Object start(Context cx, int depth) {
            throw new AssertionError("called, not polled");
        }

        @Override
        public @Nullable Object startCalled(@Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth)
                throws Throwable {
            Object out = Woven.awaitOther(new Victim(), null, below, cx, depth);
            assertEquals(Woven.SUSPENDED, out);
            throw new OutOfMemoryError("no frame");
        }
    }

    /** {@code try { await(broken) } catch (OutOfMemoryError e) {} return await(leaf)}, or without the catch. */
    private final class Outer extends Woven1 {
        private final boolean catches;

        Outer(boolean catches) {
            this.catches = catches;
        }

        @Override
        protected @Nullable Object start(Context cx, int depth) throws Throwable {
            AsyncFrame<?> callee = java.util.Objects.requireNonNull(Woven.startable(new Broken(), this, depth));
            try {
                Object _ = callee.startCalled(this, this, cx, depth + 1);
            } catch (OutOfMemoryError e) {
                if (!catches) {
                    throw e;
                }
            }
            Object out = Woven.awaitOther(leaf, this, this, cx, depth);
            return out == Woven.SUSPENDED ? Woven.suspendAt(this, 1) : out;
        }

        @Override
        protected @Nullable Object step(Context cx, int depth, @Nullable Object in) throws Throwable {
            return Woven.resumed(in);
        }
    }

    @Test
    void itsCallerGoesOnWithoutWhatItWasAboutToRun() throws Exception {
        Future<String> outer = new Outer(true);
        assertFalse(outer.poll(cx).isReady());
        assertEquals(0, victimRuns.get());
        leaf.fire();
        assertEquals(Poll.ready("leaf"), outer.poll(cx));
        assertEquals(0, victimRuns.get());
    }

    @Test
    void theNextPollOfTheSameContextDoesNotRunItEither() throws Exception {
        assertThrows(OutOfMemoryError.class, () -> new Outer(false).poll(cx));
        Future<String> waits = Owners.call(Body.<Probe, String>of(probe -> probe), leaf);
        assertFalse(waits.poll(cx).isReady());
        assertFalse(waits.poll(cx).isReady());
        assertEquals(0, victimRuns.get());
        leaf.fire();
        assertEquals(Poll.ready("leaf"), waits.poll(cx));
    }
}
