package dev.latent.stream;

import dev.latent.AsyncConsumer;
import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#generate}: a body that gives values as it runs.
 *
 * <p>The body is polled only while a value is asked for. An {@link Emit} that is polled leaves its value in the {@link #slot} and is pending, so
 * the body suspends, and the value goes out. It is ready in a later poll than the one that took its value: then the next value is asked for.
 *
 * <pre>
 *            1 poll              2 advance               3 poll, in a later advance
 *    FRESH ────────▶ in the slot ────────▶ value is out ─────────▶ ready
 *      ▲                  │ 4 drop                │ 5 drop
 *      └──────────────────┘ not given             └──────▶ given
 * </pre>
 *
 * <p>What awaits an emit may poll it only when it was woken, as a large join does; so at edge 3 its waker is woken, unless that is the one by
 * which the stream is polled anyway.
 */
final class Generated<T> extends Leaf<T> implements Emitter<T> {
    private final Future<?> body;
    private boolean ended;
    private boolean closing;

    /** Of the poll that is under way; null between two. */
    private @Nullable Context running;

    /** The emit that has been polled and is not ready. */
    private @Nullable Emit<T> waiting;

    private @Nullable Object slot = NONE;

    Generated(AsyncConsumer<? super Emitter<T>> body) {
        super("generate");
        this.body = Owners.call(body, this);
        Owners.claim(this.body, this);
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        if (nowOnly || ended) {
            return ended ? END : PENDING;
        }
        if (waiting != null && waiting.waker != cx.waker()) {
            Foreign.wake(waiting.waker);
        }
        running = cx;
        try {
            if (Owners.pollRaw(body, this, cx) != PENDING) {
                ended = true;
            }
        } catch (Throwable t) {
            ended = true;
            discardSlot();
            throw t;
        } finally {
            running = null;
        }
        if (slot != NONE) {
            Object value = slot;
            slot = NONE;
            return value;
        }
        return ended ? END : PENDING;
    }

    @Override
    boolean dispose(Context cx) {
        if (!ended) {
            closing = true;
            if (!drop(body, this, cx)) {
                return false;
            }
            ended = true;
        }
        return true;
    }

    @Override
    void disposeNow() {
        if (!ended) {
            closing = true;
            ended = true;
            drop(body, this);
        }
    }

    private void discardSlot() {
        if (slot != NONE) {
            Object value = slot;
            slot = NONE;
            discard(value);
        }
    }

    @Override
    public void children(List<Future<?>> into) {
        if (!ended) {
            into.add(body);
        }
    }

    @Override
    public Future<Void> emit(T value) {
        return new Emit<>(this, value);
    }

    private static final class Emit<T> extends OwnedFuture<Void> {
        private final Generated<T> to;
        private final T value;

        @Nullable
        Waker waker;

        private boolean isIn;

        Emit(Generated<T> to, T value) {
            this.to = to;
            this.value = value;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (to.running != cx) {
                throw refused(
                        to.ended || to.closing
                                ? "after the end of its stream, when nobody asks for values any more"
                                : "by somebody else than next() of its stream, perhaps by another task");
            }
            if (to.waiting != null && to.waiting != this) {
                throw refused("while another emit of the same stream is waiting");
            }
            if (isIn && to.slot == NONE) { // edge 3
                to.waiting = null;
                waker = null;
                return Poll.done();
            }
            if (!isIn && cx.spend()) { // edge 1
                isIn = true;
                to.waiting = this;
                to.slot = value;
            }
            waker = cx.waker();
            return Poll.pending();
        }

        private IllegalStateException refused(String how) {
            return new IllegalStateException(
                    this + " is polled " + how
                            + ". A generator gives one value at a time, in its own body; for values from several places or tasks use AsyncStream.channel(tx -> …)");
        }

        @Override
        protected void dropOwned() {
            if (to.waiting == this) {
                to.waiting = null;
                if (to.slot != NONE) {
                    to.slot = NONE; // edge 4
                }
            }
        }

        @Override
        public String toString() {
            return "emit of " + to;
        }
    }
}
