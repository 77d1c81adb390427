package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A future over a few others, all of which it owns and, being few, polls whenever it is polled.
 *
 * <p>A child is <em>live</em> until it was ready, threw, or its drop has ended. Children stay in place after that, to be
 * asked what becomes of a value that nobody receives.
 */
public abstract class Several<T> extends OwnedFuture<T> {
    static final int MOST = 64;

    final Future<?>[] children;

    /** What this future fails with as soon as no child is live. */
    @Nullable
    Throwable failure;

    /** A bit for each child. */
    private long live;

    private @Nullable Spawner home;

    Several(Future<?>... children) {
        if (children.length > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " futures, not " + children.length);
        }
        this.children = children;
        this.live = -1L >>> MOST - children.length;
    }

    /** Takes the children; the subclass's constructor calls it last, when its {@code toString} works. */
    final void claimAll() {
        claimAll(children, this);
    }

    /** Takes all of {@code children} for {@code owner}, or, where one belongs to somebody else, none. */
    static void claimAll(Future<?>[] children, OwnedFuture<?> owner) {
        for (int i = 0; i < children.length; i++) {
            try {
                Owners.claim(children[i], owner);
            } catch (RuntimeException e) {
                while (--i >= 0) {
                    Owners.unclaim(children[i], owner);
                }
                throw e;
            }
        }
    }

    final void polledIn(Context cx) {
        home = cx.spawner();
    }

    final boolean isLive(int i) {
        return (live & 1L << i) != 0;
    }

    final boolean anyLive() {
        return live != 0;
    }

    /** Polls a live child, which is live no more when it is ready or throws. */
    final Poll<?> pollChild(int i, Context cx) throws Exception {
        try {
            Poll<?> poll = Owners.poll(children[i], this, cx);
            if (poll.isReady()) {
                live &= ~(1L << i);
            }
            return poll;
        } catch (Throwable t) {
            live &= ~(1L << i);
            throw t;
        }
    }

    @Override
    protected final List<Future<?>> children() {
        List<Future<?>> left = new ArrayList<>();
        for (int i = 0; i < children.length; i++) {
            if (isLive(i)) {
                left.add(children[i]);
            }
        }
        return left;
    }

    @Override
    protected final boolean isBeingPolled() {
        for (int i = 0; i < children.length; i++) {
            if (isLive(i) && Owners.isBeingPolled(children[i])) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether all cleanup has ended} of the live children, which are dropped, in order. */
    final boolean dropLive(Context cx) {
        for (int i = 0; live >>> i != 0 && i < children.length; i++) {
            if (isLive(i)) {
                try {
                    if (!Owners.pollDrop(children[i], this, cx).isReady()) {
                        continue;
                    }
                } catch (Throwable t) {
                    cleanupFailed(i, t);
                }
                live &= ~(1L << i);
            }
        }
        return live == 0;
    }

    private void cleanupFailed(int i, Throwable thrown) {
        if (failure != null) {
            Failures.add(failure, thrown);
        } else {
            Owners.report(home, children[i], ", dropped by " + this, thrown);
        }
    }

    /** Lets go of the values that this future has obtained and will not tell. */
    abstract void discardValues();

    private void abandon() {
        discardValues();
        if (failure != null) {
            Owners.report(home, this, ", dropped", failure);
        }
    }

    @Override
    protected final void dropOwned() {
        for (int i = 0; i < children.length; i++) {
            if (isLive(i)) {
                live &= ~(1L << i);
                try {
                    Owners.drop(children[i], this);
                } catch (Throwable t) {
                    cleanupFailed(i, t);
                }
            }
        }
        abandon();
    }

    @Override
    protected final Poll<Void> pollDropOwned(Context cx) {
        home = cx.spawner();
        if (!dropLive(cx)) {
            return Poll.pending();
        }
        abandon();
        return Poll.done();
    }
}
