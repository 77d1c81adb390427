package dev.latent;

import java.util.List;

/**
 * {@link Async#pin}, and {@link Async#fuse}, whose end does not end it. It is claimed by one borrower after the other; a borrower's drop gives it back ({@link Owners#drop}
 * sees to that), and only its closing, or a drop by nobody's leave but its holder's, drops the future.
 */
final class PinnedFuture<T> extends OwnedFuture<T> implements Pinned<T> {
    private final Future<? extends T> inner;

    /** The inner future has been dropped, cleanup included, or is being dropped by somebody else. */
    private boolean gone;

    /** The end of the inner future is not the end of this one: it may be claimed again, and waits for ever. Until it is closed or dropped. */
    private boolean fused;

    PinnedFuture(Future<? extends T> inner, boolean fused) {
        this.inner = inner;
        this.fused = fused;
        Owners.claim(inner, this);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) throws Exception {
        if (gone) {
            cx.waker(); // for nothing
            return Poll.pending(); // fused
        }
        boolean waits = false;
        try {
            Poll<T> poll = Owners.poll((Future<T>) inner, this, cx);
            waits = !poll.isReady();
            return poll;
        } finally {
            gone = !waits;
        }
    }

    @Override
    boolean startsAgain() {
        return fused;
    }

    @Override
    protected List<? extends Future<?>> children() {
        return gone ? List.of() : List.of(inner);
    }

    @Override
    protected void dropOwned() {
        fused = false;
        if (!gone) {
            gone = true;
            Owners.drop(inner, this);
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        fused = false;
        return pollGone(cx);
    }

    private Poll<Void> pollGone(Context cx) {
        if (!gone) {
            Poll<Void> poll = Owners.pollDrop(inner, this, cx);
            gone = poll.isReady();
            return poll;
        }
        return Poll.done();
    }

    @Override
    public void close() {
        end();
        dropOwned();
    }

    @Override
    public Future<Void> closeAsync() {
        return new Closing();
    }

    @Override
    protected void undelivered(T value) {
        Owners.undelivered(inner, value);
    }

    @Override
    public String toString() {
        return (fused ? "fuse of " : "pin of ") + inner;
    }

    private final class Closing extends OwnedFuture<Void> {
        private boolean started;

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            started = true;
            PinnedFuture.this.end();
            return PinnedFuture.this.pollDropOwned(cx);
        }

        @Override
        protected void dropOwned() {
            if (started) {
                PinnedFuture.this.close();
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            return started ? pollGone(cx) : Poll.done();
        }

        @Override
        public String toString() {
            return "the closing of " + PinnedFuture.this;
        }
    }
}
