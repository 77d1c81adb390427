package dev.latent;

import java.util.List;

/**
 * {@link Async#pin}. It is claimed by one borrower after the other; a borrower's drop gives it back ({@link Owners#drop}
 * sees to that), and only its closing, or a drop by nobody's leave but its holder's, drops the future.
 */
final class PinnedFuture<T> extends OwnedFuture<T> implements Pinned<T> {
    private final Future<? extends T> inner;

    /** The inner future has been dropped, cleanup included, or is being dropped by somebody else. */
    private boolean gone;

    PinnedFuture(Future<? extends T> inner) {
        this.inner = inner;
        Owners.claim(inner, this);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) throws Exception {
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
    protected List<? extends Future<?>> children() {
        return gone ? List.of() : List.of(inner);
    }

    @Override
    protected void dropOwned() {
        gone = true;
        Owners.drop(inner, this);
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
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
        if (!gone) {
            dropOwned();
        }
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
        return "pin of " + inner;
    }

    private final class Closing extends OwnedFuture<Void> {
        private boolean started;

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            started = true;
            PinnedFuture.this.end();
            return pollGone(cx);
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
