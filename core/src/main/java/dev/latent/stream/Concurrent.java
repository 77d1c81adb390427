package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.internal.Fifo;
import dev.latent.internal.combine.FutureSlot;
import dev.latent.internal.combine.WokenSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#mapConcurrent} and {@link AsyncStream#mapConcurrentUnordered}: up to {@link #most} bodies that run, or have ended and were not told.
 *
 * <p>{@link #untold} is the queue of what goes out: in order the bodies as they were started, otherwise those that have ended, as they did. A
 * failure goes out at its place in that queue; once it is known nothing new is started, and before it is told all behind it has been
 * dropped, by whoever drives this stage.
 */
final class Concurrent<A, T> extends Ahead<A, T> {
    private final int most;
    private final boolean ordered;
    private final Object function;
    private final WokenSet<FutureSlot> running = new WokenSet<>();
    private final Fifo<FutureSlot> untold = new Fifo<>();

    /** The source has spent all of the budget: the next is theirs. */
    private boolean bodiesFirst;

    Concurrent(String name, AsyncStream<A> source, int most, boolean ordered, Object function) {
        super(name, source);
        this.most = most;
        this.ordered = ordered;
        this.function = function;
    }

    @Override
    boolean wants() {
        return (ordered ? untold.size() : running.size() + untold.size()) < most;
    }

    @Override
    void accept(@Nullable Object value, Context cx) {
        Future<?> body = Owners.call(function, value);
        FutureSlot slot;
        try {
            slot = new FutureSlot(body, this);
        } catch (Throwable noMemory) {
            body.drop();
            throw noMemory;
        }
        if (ordered) {
            try {
                untold.add(slot);
            } catch (Throwable noMemory) {
                drop(body, this);
                throw noMemory;
            }
        }
        running.add(slot);
    }

    @Override
    @Nullable
    Object advance(Context cx) {
        work(cx);
        if (!untold.isEmpty() && untold.peek().hasEnded()) {
            return untold.take().get();
        }
        return isOver() && running.size() == 0 ? end() : PENDING;
    }

    @Override
    void work(Context cx) {
        if (bodiesFirst) {
            pollBodies(cx);
        }
        boolean wasSpent = cx.isSpent();
        fill(cx);
        bodiesFirst = !wasSpent && cx.isSpent();
        pollBodies(cx);
    }

    private void pollBodies(Context cx) {
        for (FutureSlot slot; (slot = running.next(cx)) != null; ) {
            running.remove(slot);
            if (!ordered) {
                tell(slot);
            }
            if (slot.hasFailed()) {
                finish();
            }
        }
    }

    private void tell(FutureSlot ended) {
        try {
            untold.add(ended);
        } catch (Throwable noMemory) {
            ended.letGo(home);
            throw noMemory;
        }
    }

    @Override
    boolean dispose(Context cx) {
        letGo();
        return running.pollDrop(cx) && super.dispose(cx);
    }

    @Override
    void disposeNow() {
        running.drop();
        super.disposeNow();
    }

    @Override
    void letGo() {
        while (!untold.isEmpty()) {
            untold.take().letGo(home);
        }
    }

    @Override
    void children(List<Future<?>> into) {
        running.children(into);
        super.children(into);
    }
}
