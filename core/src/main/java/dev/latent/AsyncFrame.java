package dev.latent;

import dev.latent.FrameDrop.Unwind;
import dev.latent.internal.Sneaky;
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
 * what plain calls cost. At {@link Chain#NATIVE_DEPTH} it suspends the caller instead and leaves the callee to the loop in
 * {@link Chain#run}, with an empty native stack again. <b>On the way up</b>, after a suspension, that loop hands each outcome to the
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
 * <p><b>States of one frame</b>, of which {@link FrameState} keeps what outlasts a poll; the point is the number of the await at which it is suspended:
 *
 * <pre>
 *   FRESH (point 0) --1--&gt; running --2--&gt; SUSPENDED (point k, called or awaiting) --3--&gt; running ... --4--&gt; ended
 *                                             |
 *                                             5: drop requested
 *                                             v
 *                  k in no cleanup: its leaf is dropped, then {@link FrameDrop.Unwind} is thrown at k
 *                  k in a cleanup:  it runs on to the end of that cleanup, where {@link #endCleanup} throws {@link FrameDrop.Unwind}
 *   1 run, await   2 the woven body   3 run   4 run, await   5 {@link FrameDrop#request}
 * </pre>
 *
 * <p>While it is unwinding, a {@code catch} whose {@code try} holds the point at which the drop arrived rethrows
 * ({@link #caught}); {@code finally} and resources run as the language has it. When the frame has ended, so begins its caller.
 *
 * <p>A frame belongs to one thread at a time; each poll happens-before the next by the executor's doing.
 *
 * @param <T> what the body returns
 */
public abstract class AsyncFrame<T extends @Nullable Object> extends FrameState<T> implements Cloneable {
    /**
     * In the suspended frame on top its leaf, in any other suspended root the top, else null; in a future that did not become the
     * frame of its own body, at point 0, that frame. A frame that runs keeps what it last awaited until it awaits something else or ends: to
     * store a reference, even null, costs a barrier of the collector.
     */
    @Nullable
    Future<?> awaiting;

    /** The root's last executor, for a drop without a context. */
    @Nullable
    Spawner home;

    /** For woven classes. */
    protected AsyncFrame() {}

    // ---- what the weaver writes in a subclass -----------------------------------------------------------------------

    /** {@return its value, or {@link Woven#SUSPENDED}} Runs the body from its start, in this frame. */
    protected abstract @Nullable Object start(Context cx, int depth) throws Throwable;

    /**
     * Runs the body from its start, without a frame as long as none of its class has suspended.
     *
     * @param caller the frame that awaits this; null if that does not exist yet
     * @param below that, or else the innermost frame on the native stack
     * @param depth how many async calls stand on the native stack, this one included; one with many locals counts as several
     * @return the body's value; {@link Woven#SUSPENDED}, when the frame is this and knows its caller, or is in
     *     {@link Context#pending} if there is none; or {@link Chain#MADE}
     */
    public abstract @Nullable Object startCalled(
            @Nullable AsyncFrame<?> caller, AsyncFrame<?> below, Context cx, int depth) throws Throwable;

    /**
     * Runs the body from the await at which it is suspended; overridden where it has any.
     *
     * @param in for {@link Woven#resumed}
     * @return the body's value, or {@link Woven#SUSPENDED}
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

    // ---- what woven bodies call, through Woven ----------------------------------------------------------------------

    /** {@return whether this may be started at once}; then it belongs to {@code below}. */
    final boolean claimToStart(AsyncFrame<?> below, int depth) {
        if (owner() != null || !isFresh() || depth >= Chain.NATIVE_DEPTH) {
            return false;
        }
        adopt(below);
        return true;
    }

    /** {@code caught} flies on while this frame is being dropped at one of {@code points}. */
    final void caught(Throwable caught, String points) throws Throwable {
        if (isUnwindingFrom(points)) {
            throw caught;
        }
    }

    /** At the normal end of an outermost cleanup that holds awaits: goes on with a drop that arrived meanwhile. */
    final void endCleanup() throws Throwable {
        if (isUnwinding()) {
            throw Unwind.raised().failure();
        }
    }

    /** Where a body that {@link #ownsCaptures} has just opened its resources: goes on with a drop before the first poll. */
    final void openedCaptures() throws Throwable {
        if (isUnwindingFromItsStart()) {
            throw Unwind.raised().failure();
        }
    }

    /** {@return this frame, as the object that stands for an async closure} */
    final AsyncFrame<T> asPattern() {
        becomePattern();
        return this;
    }

    /** What the method of an async closure does when it is called as if it were ordinary. */
    final IllegalStateException calledDirectly() {
        return new IllegalStateException(this
                + " is an async body, which a direct call runs only in another: write async(() -> …) around the call,"
                + " and await that, or run it with Latent.blockOn(…)");
    }

    /** {@return a new frame for the async closure {@code closure}} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> AsyncFrame<T> of(Object closure) {
        if (closure instanceof AsyncFrame<?> pattern && pattern.isPattern()) {
            return (AsyncFrame<T>) pattern.copy();
        }
        throw NotWovenException.of(closure);
    }

    /** {@return a new frame with what this one holds, as fresh as this was made} */
    final AsyncFrame<?> copy() {
        try {
            AsyncFrame<?> frame = (AsyncFrame<?>) clone();
            frame.becomeFresh();
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

    // ---- its place in a chain --------------------------------------------------------------------------------------

    /** {@return the top of the chain that stands on this frame, which it forgets} */
    final AsyncFrame<?> takeTop() {
        if (awaiting instanceof AsyncFrame<?> top) {
            awaiting = null;
            return top;
        }
        return this;
    }

    /** {@return {@code frame}}, for which this future stands from now on. */
    final AsyncFrame<?> become(AsyncFrame<?> frame) {
        awaiting = frame;
        return frame;
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
        return isCalled() ? (AsyncFrame<?>) owner() : null;
    }

    // ---- as a future ------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // A body returns a T; whether that may be null is T's to say.
    protected final Poll<T> pollOwned(Context cx) throws Exception {
        try {
            Object out = Chain.run(this, cx);
            if (out == Chain.SUSPENDED) {
                return Poll.pending();
            }
            return Poll.ready((T) out);
        } catch (Throwable t) {
            throw Sneaky.rethrow(t);
        }
    }

    @Override
    protected final Poll<Void> pollDropOwned(Context cx) {
        if (!FrameDrop.request(this)) {
            return Poll.done();
        }
        try {
            return Chain.run(this, cx) == Chain.SUSPENDED ? Poll.pending() : Poll.done();
        } catch (Throwable t) {
            throw Sneaky.rethrow(t);
        }
    }

    @Override
    protected final void dropOwned() {
        FrameDrop.withoutContext(this);
    }

    @Override
    protected final boolean isBeingPolled() {
        return isRunning();
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
}
