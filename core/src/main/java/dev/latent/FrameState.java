package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * The state word of a frame. It is read and written by one thread at a time, the one that polls or drops the chain; each step has a name,
 * and asserts where it comes from.
 *
 * <pre>
 *   PATTERN &lt;--1-- FRESH --2--&gt; SUSPENDED at k --2--&gt; SUSPENDED at j ...
 *                    |              |
 *                    +------3-------+--3--&gt; UNWINDING from k, in whatever place (k = 0: from its start)
 *
 *   1 becomePattern   2 suspendAt   3 unwindHere
 *
 *   beside the above, in a root:         RUNNING   4 pollBegins, until 5 pollEnds
 *                                        DROPPING  6 dropBegins, for good
 *   in a frame that another one awaits:  CALLED    7 becomeCalled, until it ends
 *   on top of a chain, UNWINDING:        DROP_LEAF 8 leafIsDropped, until 9 leafHasEnded
 * </pre>
 *
 * <p>That a body is on the native stack, the word does not say, nor that it has ended: its owner is then nobody.
 */
abstract class FrameState<T extends @Nullable Object> extends OwnedFuture<T> {
    /** Awaits in one body that the word has room for. */
    public static final int MAX_POINTS = (1 << 13) - 1;

    private static final int POINT = MAX_POINTS;
    private static final int DROP_SHIFT = 13;

    /** The owner is the caller, a frame. */
    private static final int CALLED = 1 << 26;

    /** A poll of this chain is under way. */
    private static final int RUNNING = 1 << 27;

    /** Only a pattern for the frames of an async closure; never run itself. */
    private static final int PATTERN = 1 << 28;

    /** This frame is being dropped; the drop's point is then set too. */
    private static final int UNWINDING = 1 << 29;

    /** The leaf that it awaits is to be dropped before anything else. */
    private static final int DROP_LEAF = 1 << 30;

    /** This chain is being dropped. */
    private static final int DROPPING = 1 << 31;

    /** Bits 0-12 the point, the number of the await at which it is suspended, 13-25 the point at which a drop arrived, then the flags above. */
    private int word;

    FrameState() {}

    // ---- what it says ----------------------------------------------------------------------------------------------

    /** {@return the await at which this frame is suspended; 0 before it has been} */
    final int point() {
        return word & POINT;
    }

    /** {@return whether nothing has happened to it, but that it may be owned} */
    final boolean isFresh() {
        return word == 0;
    }

    final boolean isPattern() {
        return (word & PATTERN) != 0;
    }

    final boolean isCalled() {
        return (word & CALLED) != 0;
    }

    final boolean isRunning() {
        return (word & RUNNING) != 0;
    }

    /** {@return whether it is neither {@link #isRunning} nor {@link #isPattern}} */
    final boolean mayBePolled() {
        return (word & (RUNNING | PATTERN)) == 0;
    }

    final boolean isDropping() {
        return (word & DROPPING) != 0;
    }

    /** {@return whether it is neither {@link #isRunning} nor {@link #isDropping}} */
    final boolean mayBeSpliced() {
        return (word & (RUNNING | DROPPING)) == 0;
    }

    final boolean isUnwinding() {
        return (word & UNWINDING) != 0;
    }

    /** {@return whether a drop that arrived at one of {@code points}, a char each, unwinds this frame} */
    final boolean isUnwindingFrom(String points) {
        return (word & UNWINDING) != 0 && points.indexOf(word >>> DROP_SHIFT & POINT) >= 0;
    }

    /** {@return whether a drop that came before the first poll unwinds this frame, which has not been suspended} */
    final boolean isUnwindingFromItsStart() {
        return (word & (UNWINDING | POINT)) == UNWINDING;
    }

    final boolean dropsLeaf() {
        return (word & DROP_LEAF) != 0;
    }

    // ---- the steps -------------------------------------------------------------------------------------------------

    /** Edge 1. */
    final void becomePattern() {
        assert word == 0 : this;
        word = PATTERN;
    }

    /** For a new frame that was cloned from a pattern, or from a future whose frame it is to be. */
    final void becomeFresh() {
        word = 0;
    }

    /** Edge 2, before a body that has a frame returns {@link Chain#SUSPENDED}. */
    final void suspendAt(int point) {
        assert (word & (PATTERN | DROP_LEAF)) == 0 && point > 0 && point <= MAX_POINTS : this;
        word = word & ~POINT | point;
    }

    /** Edge 3: the drop has reached this frame, at the point where it is suspended. */
    final void unwindHere() {
        assert (word & UNWINDING) == 0 : this;
        word = word & ~(POINT << DROP_SHIFT) | point() << DROP_SHIFT | UNWINDING;
    }

    /** Edge 4. */
    final void pollBegins() {
        assert mayBePolled() : this;
        word |= RUNNING;
    }

    /** Edge 5. */
    final void pollEnds() {
        assert isRunning() : this;
        word &= ~RUNNING;
    }

    /** Edge 6. */
    final void dropBegins() {
        assert mayBeSpliced() : this;
        word |= DROPPING;
    }

    /** Edge 7. */
    final void becomeCalled() {
        assert (word & (CALLED | PATTERN)) == 0 && mayBeSpliced() : this;
        word |= CALLED;
    }

    /** Edge 8. */
    final void leafIsDropped() {
        assert isUnwinding() && !dropsLeaf() : this;
        word |= DROP_LEAF;
    }

    /** Edge 9. */
    final void leafHasEnded() {
        assert dropsLeaf() : this;
        word &= ~DROP_LEAF;
    }
}
