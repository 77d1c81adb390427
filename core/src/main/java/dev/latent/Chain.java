package dev.latent;

import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What links frames to chains, and the loop that goes on with one: on the way down a callee is put on its caller, on the way up each outcome is
 * handed to the caller. {@link AsyncFrame} tells how it fits together.
 *
 * <p>These are static methods, and few, because the JIT compiler inlines a limited number of levels and no large method: a poll, or
 * an await, is as few calls deep here as it can be.
 */
final class Chain {
    /** What a body returns when it is suspended. */
    static final Object SUSPENDED = new Object();

    /** What a body returns when it is suspended and has made its frame, which is in {@link Context#pending}. */
    static final Object MADE = new Object();

    /** Callees that stand on the native stack at once: some 100 kB of it, with bodies of ordinary size. */
    static final int NATIVE_DEPTH = 256;

    private static final Raise NOT_KEPT = new Raise(Failures.NO_MEMORY, true);

    /** As a drop begins for which there is no memory: what closes throw is not added to this one. Made early, before it is needed. */
    static final Raise DROPPED = new Raise(new FrameDrop.Unwind(false), true);

    private Chain() {}

    // ---- down ------------------------------------------------------------------------------------------------------

    /**
     * Before a body returns {@link #MADE}: {@code frame} is its frame, and takes over what is awaited.
     *
     * @param below its claimant so far
     */
    static void suspendMade(AsyncFrame<?> frame, AsyncFrame<?> below, Context cx, int point) {
        frame.suspendAt(point);
        Future<?> pending = Objects.requireNonNull(cx.pending);
        if (pending instanceof AsyncFrame<?> callee) {
            link(frame, callee);
        } else if (pending instanceof Refusal refusal) {
            refusal.owner = frame;
            frame.awaiting = refusal;
            cx.next = frame;
        } else {
            Owners.handOver(pending, below, frame, cx);
            frame.awaiting = pending;
        }
        cx.pending = frame;
    }

    /** {@code callee} was awaited by {@code caller} and has made its frame: {@return {@link #SUSPENDED}} */
    static Object made(AsyncFrame<?> callee, @Nullable AsyncFrame<?> caller, Context cx) {
        return called(callee.become((AsyncFrame<?>) Objects.requireNonNull(cx.pending)), caller, cx);
    }

    /**
     * Awaits a frame that may not be started at once: it is the root of a chain, the native stack is deep enough, or it is somebody
     * else's.
     *
     * @param self the awaiting frame; null if that does not exist yet
     * @param below that, or else the innermost frame on the native stack
     * @return {@link #SUSPENDED}: then the body spills, calls {@link AsyncFrame#suspendAt} or {@link #suspendMade}, and returns
     */
    static Object call(AsyncFrame<?> callee, @Nullable AsyncFrame<?> self, AsyncFrame<?> below, Context cx) {
        if (self == null && callee.owner() != null) {
            return refuse(callee, cx);
        }
        callee.claim(below);
        if (callee.awaiting != null || !callee.isFresh()) {
            cx.next = splice(callee);
            return called(callee, self, cx);
        }
        cx.next = callee.become(callee.copy());
        return called(cx.next, self, cx);
    }

    /** {@code callee} is suspended, and so must {@code caller} be; if that has no frame yet, it will ask for the callee's. */
    static Object called(AsyncFrame<?> callee, @Nullable AsyncFrame<?> caller, Context cx) {
        if (caller != null) {
            cx.pending = null;
            link(caller, callee);
        } else {
            cx.pending = callee;
        }
        return SUSPENDED;
    }

    /** Awaits a future that is no frame, as {@link #call} does: {@return the value, or {@link #SUSPENDED}} */
    static @Nullable Object pollLeaf(
            Future<?> leaf, @Nullable AsyncFrame<?> self, AsyncFrame<?> below, Context cx, int depth) throws Exception {
        if (self == null && !Owners.isFree(leaf)) {
            return refuse(leaf, cx);
        }
        Owners.claim(leaf, below);
        cx.depth = depth;
        Poll<?> poll;
        try {
            poll = Owners.poll(leaf, below, cx);
        } catch (Throwable t) {
            throw Sneaky.rethrow(AwaitTrace.ofLeaf(t, leaf, below, false));
        }
        if (poll instanceof Poll.Ready<?>(var value)) {
            return value;
        }
        cx.forgetNext();
        if (self == null) {
            cx.pending = leaf;
        } else if (self.awaiting != leaf) {
            self.awaiting = leaf;
        }
        return SUSPENDED;
    }

    /** Only the awaiting frame can tell who it is: suspends, in order to claim {@code future} and fail when there is one. */
    private static Object refuse(@Nullable Future<?> future, Context cx) {
        cx.pending = new Refusal(future);
        return SUSPENDED;
    }

    /** Links {@code callee} to {@code caller}, where it leaves the top of the chain for {@link AsyncFrame#takeTop}. */
    private static void link(AsyncFrame<?> caller, AsyncFrame<?> callee) {
        if (callee.owner() != caller) {
            callee.adopt(caller);
        }
        callee.becomeCalled();
        caller.awaiting = callee.takeTop();
    }

    /** {@return the top of its chain}: {@code root} was polled before, and from now on the chain stands on its caller. */
    private static AsyncFrame<?> splice(AsyncFrame<?> root) {
        if (root.awaiting == null || !root.mayBeSpliced()) {
            root.unclaim();
            throw new IllegalStateException(root + " can't be awaited"
                    + (root.isRunning()
                            ? " while it is being polled"
                            : root.isDropping() ? " while it is being dropped" : ""));
        }
        root.home = null;
        return root.takeTop();
    }

    // ---- up --------------------------------------------------------------------------------------------------------

    /** {@return the value, or {@link #SUSPENDED}}: polls {@code root}. */
    static @Nullable Object run(AsyncFrame<?> root, Context cx) throws Throwable {
        if (!root.mayBePolled()) {
            throw new IllegalStateException(root
                    + (root.isRunning()
                            ? " is polled from within its own poll"
                            : " is an async closure, not a future: use async(body)"));
        }
        int depth = cx.depth;
        cx.forgetNext();
        root.pollBegins();
        try {
            // Alone, it is one object to the JIT compiler.
            return root.awaiting instanceof AsyncFrame<?> top
                    ? climb(root, top, advance(top, cx, depth), cx, depth)
                    : climb(root, root, advance(root, cx, depth), cx, depth);
        } finally {
            root.pollEnds();
            cx.depth = depth;
        }
    }

    /** {@return the value, or {@link #SUSPENDED}}: {@code frame}, the top of the chain of {@code root}, has returned {@code out}. */
    private static @Nullable Object climb(
            AsyncFrame<?> root, AsyncFrame<?> frame, @Nullable Object out, Context cx, int depth) throws Throwable {
        while (true) {
            if (out == SUSPENDED) {
                AsyncFrame<?> top = frame == root ? root.top() : frame.takeTop();
                frame = cx.next;
                if (frame == null) {
                    return suspended(root, top, cx);
                }
                cx.next = null;
                out = advance(frame, cx, depth);
            } else if (frame == root) {
                return finished(root, cx, out);
            } else {
                AsyncFrame<?> caller = Objects.requireNonNull(frame.caller());
                out = runBody(caller, cx, depth + 1, handOver(frame, cx, out, caller));
                frame = caller;
            }
        }
    }

    /** {@return what {@link #runBody} returns}; {@link #SUSPENDED} too where the leaf that {@code frame} awaits is pending. */
    private static @Nullable Object advance(AsyncFrame<?> frame, Context cx, int depth) {
        Object in = null;
        if (frame.awaiting != null) {
            cx.depth = depth;
            in = frame.dropsLeaf() ? FrameDrop.dropLeaf(frame, cx) : pollAwaited(frame, cx);
            if (in == SUSPENDED) {
                return SUSPENDED;
            }
        }
        return runBody(frame, cx, depth + 1, in);
    }

    /** {@return what the body returned, or what it threw as {@link Raise}} */
    private static @Nullable Object runBody(AsyncFrame<?> frame, Context cx, int depth, @Nullable Object in) {
        try {
            return frame.point() == 0 ? frame.start(cx, depth) : frame.step(cx, depth, in);
        } catch (Throwable t) {
            return in instanceof Raise raise && raise.failure == t ? in : Raise.of(t, false);
        }
    }

    /** {@return what the leaf gave, a failure as {@link Raise}, or {@link #SUSPENDED}} */
    private static @Nullable Object pollAwaited(AsyncFrame<?> frame, Context cx) {
        Future<?> leaf = Objects.requireNonNull(frame.awaiting);
        try {
            return Owners.poll(leaf, frame, cx) instanceof Poll.Ready<?>(var value) ? value : SUSPENDED;
        } catch (Throwable t) {
            return Raise.of(AwaitTrace.ofLeaf(t, leaf, frame, true), true);
        }
    }

    /** {@code frame} has ended with {@code out}: {@return what {@code caller} is resumed with} */
    private static @Nullable Object handOver(
            AsyncFrame<?> frame, Context cx, @Nullable Object out, AsyncFrame<?> caller) {
        frame.end();
        frame.awaiting = null;
        if (frame.isUnwinding()) {
            return FrameDrop.goOn(frame, cx, out, caller);
        }
        return out instanceof Raise(var failure, var traced) && !traced
                ? Raise.of(AwaitTrace.intoSuspended(failure, frame, caller), true)
                : out;
    }

    /** {@code root} has ended with {@code out}: {@return its value} */
    private static @Nullable Object finished(AsyncFrame<?> root, Context cx, @Nullable Object out) throws Throwable {
        root.awaiting = null;
        if (root.isUnwinding()) {
            FrameDrop.report(root, cx.spawner(), out, null);
            return null;
        }
        if (out instanceof Raise raise) {
            throw AwaitTrace.outOf(root, raise.failure);
        }
        return out;
    }

    private static Object suspended(AsyncFrame<?> root, AsyncFrame<?> top, Context cx) {
        if (top != root && root.awaiting != top) {
            root.awaiting = top;
        }
        if (root.home != cx.executor()) {
            root.home = cx.executor();
        }
        return SUSPENDED;
    }

    /** {@return what the body awaited, or throws what that threw} */
    static @Nullable Object resumed(@Nullable Object in) throws Throwable {
        if (in instanceof Raise raise) {
            throw raise.failure;
        }
        return in;
    }

    /**
     * A failure on its way from body to body.
     *
     * @param traced whether its trace already holds the awaits that it passes
     */
    record Raise(Throwable failure, boolean traced) {
        /** What is above in the chain is unwound also where there is no memory to tell it why. */
        static Raise of(Throwable failure, boolean traced) {
            try {
                return new Raise(failure, traced);
            } catch (OutOfMemoryError e) {
                return NOT_KEPT;
            }
        }
    }

    /** What a body awaits that must not await {@link #future}: it fails as the claim fails. */
    private static final class Refusal implements Future<Void> {
        private final @Nullable Future<?> future;
        private @Nullable Object owner;

        Refusal(@Nullable Future<?> future) {
            this.future = future;
        }

        @Override
        @SuppressWarnings("NullAway") // a null future is one reason to refuse it
        public Poll<Void> poll(Context cx) {
            Owners.claim(future, Objects.requireNonNull(owner));
            throw new IllegalStateException("refused, and then given to " + owner);
        }

        @Override
        public void drop() {}
    }
}
