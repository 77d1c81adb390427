package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.internal.Sneaky;
import dev.latent.internal.combine.NextFuture;
import dev.latent.internal.combine.Pulled;
import dev.latent.internal.combine.Returned;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pipeline: a stage that may be asked at any time, whatever happened before.
 *
 * <pre>
 *   OPEN ──1──▶ CLOSING ──2──▶ CLOSED
 *   1 the stage has ended, thrown or been closed   2 all of its cleanup has ended
 * </pre>
 *
 * <p>The end, or the failure, is told at edge 2, and the end again from there on.
 */
final class Drive<T> extends Stage<T> implements Pulled<T> {
    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    /** What is done with each value. */
    @FunctionalInterface
    interface Sink<T> {
        void accept(T value) throws Exception;
    }

    private final Stage<T> stage;
    private State state = State.OPEN;

    /** What is thrown at edge 2. */
    private @Nullable Throwable failure;

    /** What comes next: given already, and come back. Null as long as nobody has asked by hand. */
    private @Nullable Returned<T> front;

    private @Nullable NextFuture<T> asker;
    private boolean running;

    Drive(Stage<T> stage) {
        this.stage = stage;
    }

    // ---- as a stage -------------------------------------------------------------------------------------------------

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        if (front != null && !front.isEmpty()) {
            return front.take();
        }
        if (state == State.OPEN) {
            enter();
            try {
                Object value = stage.advance(cx);
                if (value == PENDING) {
                    return pending(cx);
                }
                if (value != END) {
                    if (state == State.OPEN) {
                        return value;
                    }
                    stage.undelivered(value); // it was closed from within
                }
                state = State.CLOSING;
            } catch (Throwable t) {
                fail(t);
            } finally {
                running = false;
            }
        }
        return end(cx);
    }

    /** Takes what there is: {@return {@link #END}, or {@link #PENDING} where that is not all}. A failure of {@code sink} is one of the stream. */
    Object drain(Context cx, Sink<? super T> sink) throws Exception {
        while (front != null && !front.isEmpty()) {
            try {
                sink.accept(front.take());
            } catch (Throwable t) {
                fail(t);
                letFrontGo();
            }
        }
        if (state == State.OPEN) {
            enter();
            try {
                for (Object value; (value = stage.advance(cx)) != END; ) {
                    if (value == PENDING) {
                        return PENDING;
                    }
                    sink.accept(cast(value));
                }
                state = State.CLOSING;
            } catch (Throwable t) {
                fail(t);
            } finally {
                running = false;
            }
        }
        return end(cx);
    }

    private void enter() {
        if (running) {
            throw new IllegalStateException(this + " is asked for a value from within its own poll");
        }
        running = true;
    }

    /** The stage is pending, and was closed from within perhaps. */
    private Object pending(Context cx) {
        if (state != State.OPEN) {
            cx.waker().wake();
        }
        return PENDING;
    }

    /** Edge 2. */
    private Object end(Context cx) {
        if (state == State.CLOSING) {
            if (!stage.dispose(cx)) {
                return PENDING;
            }
            state = State.CLOSED;
            if (failure != null) {
                Throwable told = failure;
                failure = null;
                throw Sneaky.rethrow(told);
            }
        }
        return END;
    }

    /** Edge 1: the pipeline has failed, here or downstream. Told when it is asked the next time. */
    void fail(Throwable thrown) {
        failure = thrown;
        state = State.CLOSING;
    }

    /** Edge 1: there is no need for more. Whoever has asked is told of the end. */
    private void finish() {
        if (state == State.OPEN) {
            state = State.CLOSING;
            if (asker != null) {
                asker.wake();
            }
        }
    }

    @Override
    void work(Context cx) {
        if (state == State.OPEN && !running) {
            running = true;
            try {
                stage.work(cx);
            } finally {
                running = false;
            }
        }
    }

    @Override
    boolean dispose(Context cx) {
        letFrontGo();
        finish();
        if (running) {
            throw new IllegalStateException(
                    this + " is closed from within its own poll, and can't be waited for there");
        }
        if (state == State.CLOSING) {
            if (!stage.dispose(cx)) {
                return false;
            }
            closed(cx);
        }
        return true;
    }

    @Override
    void disposeNow() {
        letFrontGo();
        finish();
        if (state == State.CLOSING && !running) {
            stage.disposeNow();
            closed(null);
        }
    }

    private void letFrontGo() {
        if (front != null) {
            while (!front.isEmpty()) {
                stage.undelivered(front.take());
            }
        }
    }

    private void closed(@Nullable Context cx) {
        state = State.CLOSED;
        if (failure != null) {
            Throwable untold = failure;
            failure = null;
            Owners.report(cx == null ? null : cx.spawner(), this, ", closed", untold);
        }
    }

    @Override
    public void children(List<Future<?>> into) {
        if (state != State.CLOSED) {
            stage.children(into);
        }
    }

    /** {@return what goes on in the place of this, which has nothing else left to do; null: there is no such} */
    @Nullable
    Drive<T> rest() {
        return stage instanceof Inner.OnError<T> replaced
                        && state == State.OPEN
                        && !running
                        && (front == null || front.isEmpty())
                ? replaced.rest()
                : null;
    }

    boolean isRunning() {
        return running;
    }

    // ---- by hand ----------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Object pull(Context cx) throws Exception {
        stage.requireUntaken();
        Returned<T> given = given();
        if (!given.isEmpty()) {
            return given.take();
        }
        Object value = advance(cx);
        if (value != PENDING && value != END) {
            given.gave();
        }
        return value;
    }

    private Returned<T> given() {
        if (front == null) {
            front = new Returned<>();
        }
        return front;
    }

    @Override
    public long number() {
        return given().last();
    }

    /** As {@link dev.latent.Source#nextNow}. */
    Object now(Context cx) {
        if (asker != null || running || state == State.CLOSING) {
            return Poll.pending();
        }
        if (front != null && !front.isEmpty()) {
            return item(front.take());
        }
        if (state == State.CLOSED) {
            return Next.end();
        }
        Leaf<?> leaf = stage.leaf();
        if (leaf == null || cx.isSpent()) {
            return Poll.pending();
        }
        Returned<T> given = given();
        leaf.nowOnly = true;
        running = true;
        try {
            Object value = stage.advance(cx);
            if (value == END) {
                finish();
            } else if (value != PENDING) {
                if (state == State.OPEN) {
                    given.gave();
                    return item(cast(value));
                }
                stage.undelivered(value); // it was closed from within
            }
        } catch (Throwable t) {
            fail(t);
        } finally {
            running = false;
            leaf.nowOnly = false;
        }
        return Poll.pending();
    }

    private Item<T> item(T value) {
        try {
            return new Item<>(value);
        } catch (Throwable noMemory) {
            putBack(value, number());
            throw noMemory;
        }
    }

    @Override
    public void putBack(T value, long number) {
        if (state == State.CLOSED) {
            stage.undelivered(value);
            return;
        }
        try {
            given().add(value, number);
        } catch (Throwable noMemory) {
            stage.undelivered(value);
        }
    }

    @Override
    public @Nullable NextFuture<T> asker() {
        return asker;
    }

    @Override
    public void asker(@Nullable NextFuture<T> now) {
        asker = now;
    }

    @Override
    public boolean pollClose(Context cx) {
        return dispose(cx);
    }

    @Override
    public void closeNow() {
        disposeNow();
    }

    @Override
    public String toString() {
        return Objects.toString(stage);
    }
}
