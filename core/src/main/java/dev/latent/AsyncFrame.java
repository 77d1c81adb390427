package dev.latent;

import dev.latent.internal.Sneaky;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one async body. Only woven classes extend it; a program sees it as a {@link Future}.
 *
 * <p><b>Chains.</b> A frame that is polled from outside (by a task, a join, a hand-written future) is the <em>root</em> of a
 * chain. Awaiting another frame puts that one on top; the frame on top waits for a leaf, any future that is not a frame. Frames
 * link: every frame but the root is owned by its caller, and the root awaits the top. A wake polls the root, and the root goes
 * straight to the top, whatever the depth.
 *
 * <pre>
 *        awaiting
 *      +---------------------------+
 *      |                           v
 *    root  &lt;--owner-- frame &lt;--owner-- top --awaiting--&gt; leaf
 * </pre>
 *
 * <p><b>On the way down</b> an await runs a fresh callee on the native stack, so a chain that never suspends costs about
 * what plain calls cost. At {@link #NATIVE_DEPTH} it suspends the caller instead and leaves the callee to the loop in
 * {@link #run}, with an empty native stack again. <b>On the way up</b>, after a suspension, that loop hands each outcome to the
 * caller. Neither direction recurses over a chain, nor does an exception or a drop.
 *
 * <p><b>A body is compiled twice.</b> {@link #start} runs it from its start, its variables still parameters and without a jump
 * into the middle of a loop; {@link #step} resumes it. The first run needs no frame before it suspends, so the body of a class
 * of frames that have never suspended runs without ({@link #startCalled}). The future that was awaited is then only a bundle of
 * arguments, which the JIT compiler dissolves where it sees both ends. When such a run must suspend after all, it makes its
 * frame, and the future stands for that one from there on ({@link #itself}). Later calls of that body run in the future itself:
 * a call costs one object at most. Until the frame exists, what is awaited belongs to the innermost frame <em>below</em> on the
 * native stack.
 *
 * <p><b>States of one frame</b>, in {@link #word}; the point is the number of the await at which it is suspended:
 *
 * <pre>
 *   FRESH (point 0) --1--&gt; running --2--&gt; SUSPENDED (point k, called or awaiting) --3--&gt; running ... --4--&gt; ended
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

    /** What a body returns when it is suspended and has made its frame, which is in {@link Context#pending}. */
    static final Object MADE = new Object();

    /** Awaits in one body that {@link #word} has room for. */
    public static final int MAX_POINTS = (1 << 13) - 1;

    /** Callees that stand on the native stack at once: some 100 kB of it, with bodies of ordinary size. */
    static final int NATIVE_DEPTH = 256;

    private static final int POINT = MAX_POINTS;
    private static final int DROP_SHIFT = 13;

    /** The owner is the caller, a frame. */
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

    /**
     * In the suspended frame on top its leaf, in any other suspended root the top, else null; in a future that did not become the
     * frame of its own body, at point 0, that frame. A frame that runs keeps what it last awaited until it awaits something else or ends: to
     * store a reference, even null, costs a barrier of the collector.
     */
    private @Nullable Future<?> awaiting;

    /** The root's last executor, for a drop without a context. */
    private @Nullable Spawner home;

    /** For woven classes. */
    protected AsyncFrame() {}

    // ---- what the weaver writes in a subclass -----------------------------------------------------------------------

    /** Runs the body from its start, in this frame: {@return its value, or {@link #SUSPENDED}} */
    protected abstract @Nullable Object start(Context cx, int depth) throws Throwable;

    /**
     * Runs the body from its start, without a frame as long as none of its class has suspended.
     *
     * @param caller the frame that awaits this; null if that does not exist yet
     * @param below that, or else the innermost frame on the native stack
     * @param depth how many async calls stand on the native stack, this one included; one with many locals counts as several
     * @return the body's value; {@link #SUSPENDED}, when the frame is this and knows its caller, or is in
     *     {@link Context#pending} if there is none; or {@link #MADE}
     */
    public abstract @Nullable Object startCalled(
            @Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth) throws Throwable;

    /**
     * Runs the body from the await at which it is suspended; overridden where it has any.
     *
     * @param in for {@link #resumed}
     * @return the body's value, or {@link #SUSPENDED}
     */
    protected @Nullable Object step(Context cx, int depth, @Nullable Object in) throws Throwable {
        throw new IllegalStateException(this + " has no await to be resumed at");
    }

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

    /** Before a body that has a frame returns {@link #SUSPENDED}. */
    final void suspendAt(int point) {
        word = word & ~POINT | point;
    }

    /**
     * Before a body returns {@link #MADE}: this is its frame, and takes over what is awaited.
     *
     * @param below its claimant so far
     */
    final void suspendMade(AsyncFrame<?> below, Context cx, int point) {
        suspendAt(point);
        Future<?> pending = Objects.requireNonNull(cx.pending);
        if (pending instanceof AsyncFrame<?> callee) {
            calls(callee);
        } else if (pending instanceof Refusal refusal) {
            refusal.owner = this;
            awaiting = refusal;
            cx.next = this;
        } else {
            Owners.handOver(pending, below, this, cx);
            awaiting = pending;
        }
        cx.pending = this;
    }

    /** {@return whether this may be started at once}; then it belongs to {@code below}. */
    final boolean claimToStart(AsyncFrame<?> below, int depth) {
        if (owner() != null || word != 0 || depth >= NATIVE_DEPTH) {
            return false;
        }
        adopt(below);
        return true;
    }

    /** This was awaited by {@code caller} and has made its frame: {@return {@link #SUSPENDED}} */
    final Object made(@Nullable AsyncFrame<?> caller, Context cx) {
        return called(become((AsyncFrame<?>) Objects.requireNonNull(cx.pending)), caller, cx);
    }

    /**
     * Awaits a frame that may not be started at once: it is the root of a chain, the native stack is deep enough, or it is somebody
     * else's.
     *
     * @param self the awaiting frame; null if that does not exist yet
     * @param below that, or else the innermost frame on the native stack
     * @return {@link #SUSPENDED}: then the body spills, calls {@link #suspendAt} or {@link #suspendMade}, and returns
     */
    static Object call(AsyncFrame<?> callee, @Nullable AsyncFrame<?> self, AsyncFrame<?> below, Context cx) {
        if (self == null && callee.owner() != null) {
            return refuse(callee, cx);
        }
        callee.claim(below);
        if (callee.awaiting != null || callee.word != 0) {
            cx.next = callee.splice();
            return called(callee, self, cx);
        }
        cx.next = callee.become(callee.copy());
        return called(cx.next, self, cx);
    }

    /** {@code callee} is suspended, and so must {@code caller} be; if that has no frame yet, it will ask for the callee's. */
    static Object called(AsyncFrame<?> callee, @Nullable AsyncFrame<?> caller, Context cx) {
        if (caller != null) {
            cx.pending = null;
            caller.calls(callee);
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
            return (AsyncFrame<T>) pattern.copy();
        }
        throw NotWovenException.of(closure);
    }

    private AsyncFrame<?> copy() {
        try {
            AsyncFrame<?> frame = (AsyncFrame<?>) clone();
            frame.word = 0;
            return frame;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** As a call of an async closure inside an async body is woven: {@return a new frame with these arguments} */
    static <T extends @Nullable Object> AsyncFrame<T> of(Object closure, @Nullable Object[] arguments) {
        AsyncFrame<T> frame = of(closure);
        frame.arguments(arguments);
        return frame;
    }

    // ---- the machine ------------------------------------------------------------------------------------------------

    /** Links {@code callee} to this, and leaves the top of the chain in {@link #awaiting} for {@link #takeTop}. */
    private void calls(AsyncFrame<?> callee) {
        if (callee.owner() != this) {
            callee.adopt(this);
        }
        callee.word |= CALLED;
        awaiting = callee.takeTop();
    }

    /** {@return the top of the chain that stands on this frame, which it forgets} */
    private AsyncFrame<?> takeTop() {
        if (awaiting instanceof AsyncFrame<?> top) {
            awaiting = null;
            return top;
        }
        return this;
    }

    /** {@return {@code frame}}, for which this future stands from now on. */
    private AsyncFrame<?> become(AsyncFrame<?> frame) {
        awaiting = frame;
        return frame;
    }

    /** {@return the top of this chain}: this was polled before and is a root, and from now on the chain stands on its caller. */
    private AsyncFrame<?> splice() {
        if (awaiting == null || (word & (DROPPING | RUNNING)) != 0) {
            unclaim();
            throw new IllegalStateException(this + " can't be awaited"
                    + ((word & RUNNING) != 0
                            ? " while it is being polled"
                            : (word & DROPPING) != 0 ? " while it is being dropped" : ""));
        }
        home = null;
        return takeTop();
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
        word |= RUNNING;
        try {
            // Alone, it is one object to the JIT compiler.
            return awaiting instanceof AsyncFrame<?> top
                    ? climb(top, top.advance(cx, depth), cx, depth)
                    : climb(this, advance(cx, depth), cx, depth);
        } finally {
            word &= ~RUNNING;
            cx.depth = depth;
        }
    }

    /** {@return the value, or {@link #SUSPENDED}}: {@code frame}, the top of this chain, has returned {@code out}. */
    private @Nullable Object climb(AsyncFrame<?> frame, @Nullable Object out, Context cx, int depth) throws Throwable {
        while (true) {
            if (out == SUSPENDED) {
                AsyncFrame<?> top = frame == this ? top() : frame.takeTop();
                frame = cx.next;
                if (frame == null) {
                    return suspended(top, cx);
                }
                cx.next = null;
                out = frame.advance(cx, depth);
            } else if (frame == this) {
                return finished(cx, out);
            } else {
                AsyncFrame<?> caller = Objects.requireNonNull(frame.caller());
                out = caller.stepped(cx, depth + 1, frame.handOver(cx, out, caller));
                frame = caller;
            }
        }
    }

    /** {@return what {@link #stepped} returns}; {@link #SUSPENDED} too where the leaf that this awaits is pending. */
    private @Nullable Object advance(Context cx, int depth) {
        Object in = null;
        if (awaiting != null) {
            cx.depth = depth;
            in = pollAwaited(cx);
            if (in == SUSPENDED) {
                return SUSPENDED;
            }
        }
        return stepped(cx, depth + 1, in);
    }

    /** {@return what the body returned, or what it threw as {@link Raise}} */
    private @Nullable Object stepped(Context cx, int depth, @Nullable Object in) {
        try {
            return point() == 0 ? start(cx, depth) : step(cx, depth, in);
        } catch (Throwable t) {
            return in instanceof Raise raise && raise.failure == t ? in : new Raise(t, false);
        }
    }

    /** This frame has ended with {@code out}: {@return what {@code caller} is resumed with} */
    private @Nullable Object handOver(Context cx, @Nullable Object out, AsyncFrame<?> caller) {
        end();
        awaiting = null;
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
        awaiting = null;
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
        if (top != this && awaiting != top) {
            awaiting = top;
        }
        if (home != cx.spawner()) {
            home = cx.spawner();
        }
        return SUSPENDED;
    }

    /** {@return what the leaf gave, a failure as {@link Raise}, or {@link #SUSPENDED}} */
    private @Nullable Object pollAwaited(Context cx) {
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
            awaiting = null; // what was only lent may be awaited again, by a cleanup
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
        AsyncFrame<?> top = awaiting instanceof AsyncFrame<?> called ? called : this;
        AsyncFrame<?> shielded = null;
        for (AsyncFrame<?> f = top; ; f = Objects.requireNonNull(f.caller())) {
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
            Owners.undelivered(spawner, owner() instanceof OnUndelivered<?> told ? told : this, out);
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
        return awaiting instanceof AsyncFrame<?> top ? top : this;
    }

    /** {@return the leaf that this frame waits for, if it is suspended on top of its chain} */
    final @Nullable Future<?> awaited() {
        return awaiting;
    }

    final @Nullable AsyncFrame<?> caller() {
        return (word & CALLED) != 0 ? (AsyncFrame<?>) owner() : null;
    }

    @Override
    protected final boolean isBeingPolled() {
        return (word & RUNNING) != 0;
    }

    /** The frame of this body, where that is another object. */
    @Override
    final AsyncFrame<?> itself() {
        return point() == 0 && awaiting instanceof AsyncFrame<?> frame ? frame : this;
    }

    @Override
    public final String toString() {
        if (itself() != this) {
            return itself().toString();
        }
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
