package dev.latent;

import dev.latent.Chain.Raise;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The drop of a chain. It begins at the outermost frame that is in a cleanup, which runs on to the end of that, or else at the top, whose leaf is
 * dropped first. There {@link Unwind} is thrown, in the body, so that {@code finally} and resources run as the language has it; when the
 * frame has ended, whatever it threw, so begins its caller.
 *
 * <p>What comes of it never reaches whoever drops: failures are reported, a value is undelivered.
 */
final class FrameDrop {
    private FrameDrop() {}

    /** {@return whether there is anything left to run}: a drop of the chain of {@code root} is asked for. */
    static boolean request(AsyncFrame<?> root) {
        if (root.isRunning()) {
            throw new IllegalStateException(root + " is dropped from within its own poll");
        }
        if (root.isDropping()) {
            return true;
        }
        root.dropBegins();
        if (root.point() == 0) {
            root.unwindHere();
            return root.ownsCaptures() && !root.isPattern();
        }
        AsyncFrame<?> top = root.top();
        AsyncFrame<?> shielded = null;
        for (AsyncFrame<?> f = top; ; f = Objects.requireNonNull(f.caller())) {
            if (f.point() != 0 && f.inCleanup(f.point())) {
                shielded = f;
            }
            if (f == root) {
                break;
            }
        }
        if (shielded != null) {
            shielded.unwindHere();
        } else {
            top.unwindHere();
            top.leafIsDropped();
        }
        return true;
    }

    /** {@return what the frame on top is resumed with when its leaf is dropped, or {@link Chain#SUSPENDED}} */
    static Object dropLeaf(AsyncFrame<?> top, Context cx) {
        Future<?> leaf = Objects.requireNonNull(top.awaiting);
        try {
            if (!Owners.pollDrop(leaf, top, cx).isReady()) {
                return Chain.SUSPENDED;
            }
        } catch (Throwable t) {
            Owners.report(cx.spawner(), leaf, ", dropped", AwaitTrace.ofLeaf(t, leaf, top, true));
        }
        top.leafHasEnded();
        top.awaiting = null; // what was only lent may be awaited again, by a cleanup
        return Unwind.raised();
    }

    /** {@code frame} has been unwound, and ended with {@code out}: {@return what {@code caller} is resumed with} */
    static Object goOn(AsyncFrame<?> frame, Context cx, @Nullable Object out, AsyncFrame<?> caller) {
        report(frame, cx.spawner(), out, caller);
        caller.unwindHere();
        return Unwind.raised();
    }

    /**
     * Tells of what came of a frame that was unwound; a failure's trace is that of the program.
     *
     * @param caller null for a root
     */
    static void report(AsyncFrame<?> frame, Spawner spawner, @Nullable Object out, @Nullable AsyncFrame<?> caller) {
        if (!(out instanceof Raise raise)) {
            Owners.undelivered(spawner, frame.owner() instanceof OnUndelivered<?> told ? told : frame, out);
            return;
        }
        Throwable thrown = raise.failure();
        for (Throwable each : thrown instanceof Unwind ? thrown.getSuppressed() : new Throwable[] {thrown}) {
            if (!(each instanceof Unwind)) {
                Throwable told = raise.traced() && thrown == each
                        ? each
                        : caller != null
                                ? AwaitTrace.intoSuspended(each, frame, caller)
                                : AwaitTrace.outOf(frame, each);
                Owners.report(spawner, frame, ", dropped", told);
            }
        }
    }

    /** Drops the chain of {@code root} with no context at hand: as far as it goes at once, and the rest as a task of its last executor. */
    static void withoutContext(AsyncFrame<?> root) {
        if (root.point() == 0 && !root.ownsCaptures()) {
            root.dropBegins();
            return;
        }
        Spawner spawner = root.home == null ? NoSpawner.INSTANCE : root.home;
        if (!root.pollDropOwned(new Context(spawner)).isReady()) {
            try {
                spawner.spawn(new Cleanup(root, spawner)).detach();
            } catch (Throwable t) {
                Owners.report(spawner, root, ", dropped: its cleanup waits, and no executor is left to run it", t);
            }
        }
    }

    /** Unwinds a dropped frame; what the closes of its resources throw is added to it as suppressed. */
    static final class Unwind extends Throwable {
        private static final long serialVersionUID = 1L;

        Unwind(boolean takesSuppressed) {
            super("dropped", null, takesSuppressed, false);
        }

        static Raise raised() {
            try {
                return new Raise(new Unwind(true), true);
            } catch (OutOfMemoryError e) {
                return Chain.DROPPED;
            }
        }
    }

    /** The rest of a drop that nobody waits for. */
    static final class Cleanup implements Future<Void> {
        private final OwnedFuture<?> root;
        private final Spawner home;

        Cleanup(OwnedFuture<?> root, Spawner home) {
            this.root = root;
            this.home = home;
        }

        @Override
        public Poll<Void> poll(Context cx) {
            return root.pollDropOwned(cx);
        }

        /** Cancelling a cleanup is no reason to leave it undone. */
        @Override
        public Poll<Void> pollDrop(Context cx) {
            return poll(cx);
        }

        @Override
        public void drop() {
            Owners.report(
                    home,
                    root,
                    ", dropped: its executor closed before the cleanup had ended",
                    new CancellationException("cleanup abandoned"));
        }

        @Override
        public String toString() {
            return "the cleanup of " + root;
        }
    }
}
