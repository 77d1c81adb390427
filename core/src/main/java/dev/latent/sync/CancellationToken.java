package dev.latent.sync;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Never;
import dev.latent.OneOf2;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Second;
import dev.latent.Waker;
import dev.latent.internal.combine.Select;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop that many tasks can see, and heed when it suits them; once made it stands for ever. A drop stops at once: this is for
 * those who have something to finish.
 *
 * {@snippet :
 * switch (await(select(inbox.next(), stop.cancelled()))) {
 *     case First(Item(var job)) -> await(handle(job));
 *     case First(End()) -> { return; }
 *     case Second(_) -> { return; }
 * }
 * }
 *
 * <p>Tokens are a tree: a cancel reaches the token and all {@linkplain #child children}, and theirs; nobody above or beside. A parent
 * does not keep a child from being collected, so children need no close.
 */
public final class CancellationToken {
    private static final int FEW = 8;

    /** Kept for the children: who is cancelled above this one reaches them through this one. */
    @SuppressWarnings("unused")
    private final @Nullable CancellationToken parent;

    private final Line line = new Line();
    private volatile boolean cancelled;

    /** Under the line's lock until it is cancelled, then of who cancels; null: none. Some may be gone. */
    private @Nullable List<WeakReference<CancellationToken>> children;

    /** As many children as there may be before those are sought that are gone. */
    private int crowd = FEW;

    /** Of who cancels it: whom to wake, and which token is next. */
    private @Nullable Entry told;

    private @Nullable CancellationToken next;

    private CancellationToken(@Nullable CancellationToken parent) {
        this.parent = parent;
    }

    /** {@return a token that is not cancelled} */
    public static CancellationToken create() {
        return new CancellationToken(null);
    }

    /** {@return a token that is cancelled with this one, and can be by itself} */
    public CancellationToken child() {
        CancellationToken child = new CancellationToken(this);
        WeakReference<CancellationToken> reference = new WeakReference<>(child);
        line.list.lock();
        try {
            if (cancelled) {
                child.cancelled = true;
            } else {
                add(reference);
            }
        } finally {
            line.list.unlock();
        }
        return child;
    }

    private void add(WeakReference<CancellationToken> child) {
        if (children == null) {
            children = new ArrayList<>(1);
        }
        if (children.size() >= crowd) {
            children.removeIf(known -> {
                CancellationToken token = known.get();
                return token == null || token.cancelled;
            });
            crowd = Math.max(FEW, 2 * children.size());
        }
        children.add(child);
    }

    /**
     * Cancels this and all below. When it returns, all of them are {@linkplain #isCancelled cancelled} and who waited has been woken,
     * unless another thread is about to do the same. Doing so twice does nothing.
     */
    public void cancel() {
        if (!mark()) {
            return;
        }
        CancellationToken last = this;
        for (CancellationToken token = this; token != null; token = token.next) {
            List<WeakReference<CancellationToken>> below = token.children;
            token.children = null;
            if (below != null) {
                for (int i = 0; i < below.size(); i++) { // an iterator would take memory
                    CancellationToken child = below.get(i).get();
                    if (child != null && child.mark()) {
                        last.next = child;
                        last = child;
                    }
                }
            }
        }
        CancellationToken token = this;
        while (token != null) { // when all are marked: who is woken may look at any
            CancellationToken after = token.next;
            Entry waiters = token.told;
            token.next = null;
            token.told = null;
            Line.wake(waiters);
            token = after;
        }
    }

    /** {@return whether this call has cancelled it}; who does has its children and its waiters to itself. */
    private boolean mark() {
        line.list.lock();
        boolean mine = !cancelled;
        if (mine) {
            cancelled = true;
            told = line.tellAll(Entry.TOLD);
        }
        line.list.unlock();
        return mine;
    }

    /** {@return whether it has been cancelled} */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * {@return a future that is ready when this has been cancelled, and from then on at once}
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     *
     * <p><em>Memory effects:</em> what happened before the cancel is visible to who awaits it.
     */
    public Future<Void> cancelled() {
        return new Cancelled();
    }

    /**
     * {@return a future of {@code future}'s value, as {@link First}, or of {@link Second} when this was cancelled before; then {@code
     * future} has been dropped, cleanup included, and was never polled if this was cancelled from the beginning}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     *
     * <p><em>Throws</em> what {@code future} throws.
     *
     * @see Async#select
     */
    public <T> Future<OneOf2<T, Void, Never, Never>> runUntilCancelled(Future<? extends T> future) {
        return new Select<>(true, CancellationToken::shape, cancelled(), future);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a Void is null
    private static <T> OneOf2<T, Void, Never, Never> shape(int winner, @Nullable Object value) {
        return winner == 1 ? new First<>((T) value) : new Second<>((Void) value);
    }

    /** {@return what cancels this when it is closed} */
    public DropGuard dropGuard() {
        return new DropGuard(this);
    }

    @Override
    public String toString() {
        return "CancellationToken" + (cancelled ? ", cancelled" : "");
    }

    /** Cancels a token when it is closed, however its block is left. */
    public static final class DropGuard implements Releasable {
        private @Nullable CancellationToken token;

        DropGuard(CancellationToken token) {
            this.token = token;
        }

        /** Has the close do nothing. */
        public void disarm() {
            token = null;
        }

        @Override
        public void close() {
            CancellationToken guarded = token;
            token = null;
            if (guarded != null) {
                guarded.cancel();
            }
        }
    }

    private final class Cancelled extends WaitFuture<Void> {
        @Override
        Line line() {
            return line;
        }

        @Override
        boolean passes() {
            return cancelled;
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            line.list.lock();
            boolean waits = !cancelled;
            if (waits) {
                line.list.add(entry, waker);
            }
            line.list.unlock();
            return waits;
        }

        @Override
        Poll<Void> outcome(Context cx, @Nullable Entry entry) {
            return Poll.done();
        }

        @Override
        public String toString() {
            return "cancellation";
        }
    }
}
