package dev.latent;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one async body. Only woven classes extend it; a program sees it as a {@link Future}.
 *
 * <p><b>Chains.</b> A frame that is polled from outside (by a task, a join, a hand-written future) is the <em>root</em> of a
 * chain. Awaiting another frame puts that one on top; the frame on top waits for a leaf, any future that is not a frame. Frames
 * link: in the root {@link #link} means the top, in every other frame its caller. A wake polls the root, and the root goes
 * straight to the top, whatever the depth.
 *
 * <pre>
 *            link (root: the top)
 *      +--------------------------+
 *      |                          v
 *    root  &lt;--link-- frame &lt;--link-- top --awaiting--&gt; leaf
 * </pre>
 *
 * <p><b>On the way down</b> {@link #await} runs a fresh callee on the native stack, so a chain that never suspends costs about
 * what plain calls cost. At {@link #NATIVE_DEPTH} it suspends the caller instead and leaves the callee to the loop in
 * {@link #run}, with an empty native stack again. <b>On the way up</b>, after a suspension, that loop hands each outcome to the
 * caller. Neither direction recurses over a chain, nor does an exception or a drop.
 *
 * <p><b>States of one frame</b>, in {@link #word}; the point is the number of the await at which it is suspended:
 *
 * <pre>
 *   FRESH (point 0) --1--&gt; running --2--&gt; SUSPENDED (point k, link or awaiting set) --3--&gt; running ... --4--&gt; ended
 *                                             |
 *                                             5: drop requested
 *                                             v
 *                  k in no cleanup: its leaf is dropped, then {@link Unwind} is thrown at k
 *                  k in a cleanup:  it runs on to the end of that cleanup, where {@link #endCleanup} throws {@link Unwind}
 *   1 run, await   2 the woven body   3 run   4 run, await   5 requestDrop
 * </pre>
 *
 * <p>While {@link #UNWINDING} is set, a {@code catch} whose {@code try} holds the point at which the drop arrived rethrows
 * ({@link #caught}); {@code finally} and resources run as the language has it. When the frame has ended, so begins its caller.
 *
 * <p>A frame belongs to one thread at a time; each poll happens-before the next by the executor's doing.
 *
 * @param <T> what the body returns
 */
public abstract class AsyncFrame<T extends @Nullable Object> extends OwnedFuture<T> implements Cloneable {
    /** What a body returns when it is suspended. */
    static final Object SUSPENDED = new Object();

    /** Awaits in one body that {@link #word} has room for. */
    public static final int MAX_POINTS = (1 << 13) - 1;

    /** Callees that stand on the native stack at once: some 100 kB of it, with bodies of ordinary size. */
    static final int NATIVE_DEPTH = 256;

    private static final int POINT = MAX_POINTS;
    private static final int DROP_SHIFT = 13;

    /** The link means the caller, not the top. */
    private static final int CALLED = 1 << 26;

    /** A poll of this chain is under way; set in the root. */
    private static final int RUNNING = 1 << 27;

    /** Only a pattern for the frames of an async closure; never run itself. */
    private static final int PATTERN = 1 << 28;

    /** This frame is being dropped; the drop's point is then set too. */
    private static final int UNWINDING = 1 << 29;

    /** The leaf that it awaits is to be dropped before anything else. */
    private static final int DROP_LEAF = 1 << 30;

    /** This chain is being dropped; set in the root. */
    private static final int DROPPING = 1 << 31;

    /** Bits 0-12 the point, 13-25 the point at which a drop arrived, then the flags above. */
    private int word;

    private @Nullable AsyncFrame<?> link;

    /** The leaf that the frame on top waits for. */
    private @Nullable Future<?> awaiting;

    /** The root's last executor, for a drop without a context. */
    private @Nullable Spawner home;

    /** For woven classes. */
    protected AsyncFrame() {}

    // ---- what the weaver writes in a subclass -----------------------------------------------------------------------

    /**
     * Runs the body from where it stands: from its start at point 0, else from its await.
     *
     * @param in for {@link #resumed}
     * @return the body's value, or {@link #SUSPENDED}
     */
    protected abstract @Nullable Object step(Context cx, @Nullable Object in) throws Throwable;

    /** {@return where this frame stands, for a person to read: class, method, file and the line of the await at {@code point}} */
    protected abstract StackTraceElement location(int point);

    /** {@return whether the await at {@code point} is part of a cleanup: a finally, or the close of a resource} */
    protected boolean inCleanup(int point) {
        return false;
    }

    /** {@return whether the body begins by taking its captured variables into a try-with-resources} */
    protected boolean ownsCaptures() {
        return false;
    }

    @Override
    protected @Nullable String notSend() {
        return null;
    }

    /** Puts the closure's arguments in place; overridden where there are any. */
    protected void arguments(@Nullable Object[] arguments) {
        if (arguments.length > 0) {
            throw new IllegalArgumentException(this + " takes no arguments");
        }
    }

    // ---- what woven bodies call, through Woven
    // -------------------------------------------------------------------------------------

    /** {@return the await at which this frame is suspended; 0 before it has started} */
    final int point() {
        return word & POINT;
    }

    /** Before a body returns {@link #SUSPENDED}. */
    final void suspendAt(int point) {
        word = word & ~POINT | point;
    }

    /**
     * Awaits, as far as it goes without suspending.
     *
     * @return the value, or {@link #SUSPENDED}: then the body spills, calls {@link #suspendAt} and returns the same
     */
    static @Nullable Object await(Future<?> future, AsyncFrame<?> self, Context cx) throws Throwable {
        if (future instanceof AsyncFrame<?> callee) {
            return self.call(callee, cx);
        }
        Owners.claim(future, self);
        Poll<?> poll;
        try {
            poll = Owners.poll(future, self, cx);
        } catch (Throwable t) {
            throw AwaitTrace.ofLeaf(t, future, self, false);
        }
        if (poll instanceof Poll.Ready<?>(var value)) {
            return value;
        }
        self.awaiting = future;
        cx.top = self;
        return SUSPENDED;
    }

    /** {@return what the body awaited, or throws what that threw} */
    static @Nullable Object resumed(@Nullable Object in) throws Throwable {
        if (in instanceof Raise raise) {
            throw raise.failure;
        }
        return in;
    }

    /** {@code caught} flies on while this frame is being dropped at one of {@code points}. */
    final void caught(Throwable caught, String points) throws Throwable {
        if ((word & UNWINDING) != 0 && points.indexOf(word >>> DROP_SHIFT & POINT) >= 0) {
            throw caught;
        }
    }

    /** At the normal end of an outermost cleanup that holds awaits: goes on with a drop that arrived meanwhile. */
    final void endCleanup() throws Throwable {
        if ((word & UNWINDING) != 0) {
            throw new Unwind();
        }
    }

    /** Where a body that {@link #ownsCaptures} has just opened its resources: goes on with a drop before the first poll. */
    final void openedCaptures() throws Throwable {
        if ((word & (UNWINDING | POINT)) == UNWINDING) {
            throw new Unwind();
        }
    }

    /** {@return this frame, as the object that stands for an async closure} */
    final AsyncFrame<T> asPattern() {
        word = PATTERN;
        return this;
    }

    /** What the method of an async closure does when it is called as if it were ordinary. */
    final IllegalStateException calledDirectly() {
        return new IllegalStateException(this
                + " is an async body: await(async(body)) runs it, a direct call outside an" + " async body cannot");
    }

    /** {@return a new frame for the async closure {@code closure}} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> AsyncFrame<T> of(Object closure) {
        if (closure instanceof AsyncFrame<?> pattern && (pattern.word & PATTERN) != 0) {
            try {
                AsyncFrame<T> frame = (AsyncFrame<T>) pattern.clone();
                frame.word = 0;
                return frame;
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
        throw NotWovenException.of(closure);
    }

    /** As a call of an async closure inside an async body is woven: {@return a new frame with these arguments} */
    static <T extends @Nullable Object> AsyncFrame<T> of(Object closure, @Nullable Object[] arguments) {
        AsyncFrame<T> frame = of(closure);
        frame.arguments(arguments);
        return frame;
    }

    // ---- the machine ------------------------------------------------------------------------------------------------

    private @Nullable Object call(AsyncFrame<?> callee, Context cx) throws Throwable {
        callee.claim(this);
        if (callee.link != null || callee.awaiting != null) {
            return splice(callee, cx);
        }
        if ((callee.word & (PATTERN | DROPPING | RUNNING)) != 0) {
            throw new IllegalStateException(callee + " can't be awaited");
        }
        int depth = cx.depth;
        if (depth >= NATIVE_DEPTH) {
            callee.link = this;
            callee.word |= CALLED;
            cx.next = callee;
            return SUSPENDED;
        }
        cx.depth = depth + 1;
        Object out;
        try {
            out = callee.step(cx, null);
        } catch (Throwable t) {
            callee.end();
            throw AwaitTrace.intoRunning(t, callee, this);
        } finally {
            cx.depth = depth;
        }
        if (out == SUSPENDED) {
            callee.link = this;
            callee.word |= CALLED;
        } else {
            callee.end();
        }
        return out;
    }

    /** The callee was polled before and is the root of a chain: from now on that chain stands on this frame. */
    private Object splice(AsyncFrame<?> callee, Context cx) {
        if ((callee.word & (RUNNING | DROPPING)) != 0) {
            throw new IllegalStateException(callee + " can't be awaited while it is being "
                    + ((callee.word & RUNNING) != 0 ? "polled" : "dropped"));
        }
        cx.next = callee.link != null ? callee.link : callee;
        callee.link = this;
        callee.home = null;
        callee.word |= CALLED;
        return SUSPENDED;
    }

    /** {@return the value, or {@link #SUSPENDED}}: polls this root. */
    final @Nullable Object run(Context cx) throws Throwable {
        if ((word & (RUNNING | PATTERN)) != 0) {
            throw new IllegalStateException(this
                    + ((word & RUNNING) != 0
                            ? " is polled from within its own poll"
                            : " is an async closure, not a future: use async(body)"));
        }
        int depth = cx.depth;
        AsyncFrame<?> frame = link != null ? link : this;
        link = null;
        word |= RUNNING;
        try {
            Object in = null;
            while (true) {
                if (frame.awaiting != null) {
                    in = frame.pollLeaf(cx);
                    if (in == SUSPENDED) {
                        return suspended(frame, cx);
                    }
                }
                cx.depth = depth + 1;
                in = frame.stepped(cx, in);
                if (in == SUSPENDED) {
                    AsyncFrame<?> next = cx.next;
                    if (next == null) {
                        return suspended(Objects.requireNonNull(cx.top), cx);
                    }
                    cx.next = null;
                    frame = next;
                    in = null;
                } else if (frame == this) {
                    return finished(cx, in);
                } else {
                    AsyncFrame<?> caller = Objects.requireNonNull(frame.link);
                    in = frame.handOver(cx, in, caller);
                    frame = caller;
                }
            }
        } finally {
            word &= ~RUNNING;
            cx.depth = depth;
        }
    }

    /** {@return what the body returned, or what it threw as {@link Raise}} */
    private @Nullable Object stepped(Context cx, @Nullable Object in) {
        try {
            return step(cx, in);
        } catch (Throwable t) {
            return in instanceof Raise raise && raise.failure == t ? in : new Raise(t, false);
        }
    }

    /** This frame has ended with {@code out}: {@return what {@code caller} is resumed with} */
    private @Nullable Object handOver(Context cx, @Nullable Object out, AsyncFrame<?> caller) {
        link = null;
        end();
        if ((word & UNWINDING) != 0) {
            reportUnwound(cx.spawner(), out);
            caller.unwindHere();
            return new Raise(new Unwind(), true);
        }
        return out instanceof Raise(var failure, var traced) && !traced
                ? new Raise(AwaitTrace.intoSuspended(failure, this, caller), true)
                : out;
    }

    /** This root has ended with {@code out}: {@return its value} */
    private @Nullable Object finished(Context cx, @Nullable Object out) throws Throwable {
        if ((word & UNWINDING) != 0) {
            reportUnwound(cx.spawner(), out);
            return null;
        }
        if (out instanceof Raise raise) {
            throw AwaitTrace.outOf(this, raise.failure);
        }
        return out;
    }

    private Object suspended(AsyncFrame<?> top, Context cx) {
        cx.top = null;
        link = top == this ? null : top;
        home = cx.spawner();
        return SUSPENDED;
    }

    /** {@return what the leaf gave, a failure as {@link Raise}, or {@link #SUSPENDED}} */
    private @Nullable Object pollLeaf(Context cx) {
        Future<?> leaf = Objects.requireNonNull(awaiting);
        Object in;
        if ((word & DROP_LEAF) != 0) {
            try {
                if (!Owners.pollDrop(leaf, this, cx).isReady()) {
                    return SUSPENDED;
                }
            } catch (Throwable t) {
                Owners.report(cx.spawner(), leaf + ", dropped", t);
            }
            word &= ~DROP_LEAF;
            in = new Raise(new Unwind(), true);
        } else {
            try {
                if (!(Owners.poll(leaf, this, cx) instanceof Poll.Ready<?>(var value))) {
                    return SUSPENDED;
                }
                in = value;
            } catch (Throwable t) {
                in = new Raise(AwaitTrace.ofLeaf(t, leaf, this, true), true);
            }
        }
        awaiting = null;
        return in;
    }

    /** The drop has reached this frame, at the point where it is suspended. */
    private void unwindHere() {
        word = word & ~(POINT << DROP_SHIFT) | point() << DROP_SHIFT | UNWINDING;
    }

    /** {@return whether there is anything left to run}: edge 5, on the root. */
    private boolean requestDrop() {
        if ((word & RUNNING) != 0) {
            throw new IllegalStateException(this + " is dropped from within its own poll");
        }
        if ((word & DROPPING) != 0) {
            return true;
        }
        word |= DROPPING;
        if (point() == 0) {
            unwindHere();
            return ownsCaptures() && (word & PATTERN) == 0;
        }
        AsyncFrame<?> top = link != null ? link : this;
        AsyncFrame<?> shielded = null;
        for (AsyncFrame<?> f = top; ; f = Objects.requireNonNull(f.link)) {
            if (f.point() != 0 && f.inCleanup(f.point())) {
                shielded = f;
            }
            if (f == this) {
                break;
            }
        }
        if (shielded != null) {
            shielded.unwindHere();
        } else {
            top.unwindHere();
            top.word |= DROP_LEAF;
        }
        return true;
    }

    private void reportUnwound(Spawner spawner, @Nullable Object out) {
        if (!(out instanceof Raise raise)) {
            Undelivered.discard(out);
            return;
        }
        Throwable thrown = raise.failure;
        for (Throwable each : thrown instanceof Unwind ? thrown.getSuppressed() : new Throwable[] {thrown}) {
            if (!(each instanceof Unwind)) {
                Owners.report(spawner, this + ", dropped", each);
            }
        }
    }

    // ---- as a future ------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // A body returns a T; whether that may be null is T's to say.
    protected final Poll<T> pollOwned(Context cx) throws Exception {
        try {
            Object out = run(cx);
            if (out == SUSPENDED) {
                return Poll.pending();
            }
            return Poll.ready((T) out);
        } catch (Throwable t) {
            throw Sneaky.rethrow(t);
        }
    }

    @Override
    protected final Poll<Void> pollDropOwned(Context cx) {
        if (!requestDrop()) {
            return Poll.done();
        }
        try {
            return run(cx) == SUSPENDED ? Poll.pending() : Poll.done();
        } catch (Throwable t) {
            throw Sneaky.rethrow(t);
        }
    }

    @Override
    protected final void dropOwned() {
        if (point() == 0 && !ownsCaptures()) {
            word |= DROPPING;
            return;
        }
        Spawner spawner = home == null ? NoSpawner.INSTANCE : home;
        if (!pollDropOwned(new Context(spawner)).isReady()) {
            try {
                spawner.spawn(new Cleanup(this)).detach();
            } catch (RuntimeException e) {
                Owners.report(spawner, this + ", dropped: its cleanup waits, and no executor is left to run it", e);
            }
        }
    }

    /** {@return where this root, not being polled, is suspended} */
    final AsyncFrame<?> top() {
        return link == null || (word & CALLED) != 0 ? this : link;
    }

    /** {@return the leaf that this frame waits for, if it is suspended on top of its chain} */
    final @Nullable Future<?> awaited() {
        return awaiting;
    }

    final @Nullable AsyncFrame<?> caller() {
        return (word & CALLED) != 0 ? link : null;
    }

    @Override
    public final String toString() {
        StackTraceElement at = location(point());
        return (point() == 0 ? "the future of " : "") + at.getClassName() + "." + at.getMethodName() + "("
                + at.getFileName() + ":" + at.getLineNumber() + ")";
    }

    /**
     * A failure on its way from body to body.
     *
     * @param traced whether its trace already holds the awaits that it passes
     */
    private record Raise(Throwable failure, boolean traced) {}

    /** Unwinds a dropped frame; what the closes of its resources throw is added to it as suppressed. */
    private static final class Unwind extends Throwable {
        private static final long serialVersionUID = 1L;

        Unwind() {
            super("dropped", null, true, false);
        }
    }

    /** The rest of a drop that nobody waits for. */
    static final class Cleanup implements Future<Void> {
        private final AsyncFrame<?> root;

        Cleanup(AsyncFrame<?> root) {
            this.root = root;
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
                    root.home,
                    root + ", dropped: its executor closed before the cleanup had ended",
                    new java.util.concurrent.CancellationException("cleanup abandoned"));
        }

        @Override
        public String toString() {
            return "the cleanup of " + root;
        }
    }
}
