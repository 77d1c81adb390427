package dev.latent;

import dev.latent.internal.Fifo;
import dev.latent.internal.combine.FutureSlot;
import dev.latent.internal.combine.NextFuture;
import dev.latent.internal.combine.Outlet;
import dev.latent.internal.combine.WokenSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link FuturesUnordered} and {@link FuturesOrdered} have in common: futures, and the values of those that have ended. */
final class FutureSet<T> extends Outlet<T> {
    private final String name;
    private final boolean ordered;
    private final WokenSet<FutureSlot> running = new WokenSet<>();

    /** Those that were added and not yet told, in order; empty where there is no order. */
    private final Fifo<FutureSlot> order = new Fifo<>();

    FutureSet(String name, boolean ordered) {
        this.name = name;
        this.ordered = ordered;
    }

    void add(Future<? extends T> future) {
        requireOpen();
        FutureSlot slot = new FutureSlot(future, this);
        running.add(slot);
        if (ordered) {
            order.add(slot);
        }
        if (asker() != null) {
            running.wakeParent();
        }
    }

    /** Undoes all adds, before the first poll. */
    void giveBack() {
        List<Future<?>> all = new ArrayList<>();
        running.children(all);
        all.forEach(future -> Owners.unclaim(future, this));
    }

    int size() {
        return (ordered ? order.size() : running.size()) + cameBack();
    }

    @Override
    protected @Nullable Object pullNew(Context cx) {
        if (size() == 0) {
            return NextFuture.END;
        }
        FutureSlot told = ordered ? inOrder(cx) : asTheyCome(cx);
        return told == null ? Owners.PENDING : told.get();
    }

    private @Nullable FutureSlot asTheyCome(Context cx) {
        FutureSlot slot = running.next(cx);
        if (slot != null) {
            running.remove(slot);
        }
        return slot;
    }

    private @Nullable FutureSlot inOrder(Context cx) {
        FutureSlot head = order.peek();
        while (!head.hasEnded() && asTheyCome(cx) != null) {}
        return head.hasEnded() ? order.take() : null;
    }

    @Override
    protected void letGo() {
        while (!order.isEmpty()) {
            order.take().letGo(running.home());
        }
    }

    @Override
    protected boolean pollDrop(Context cx) {
        return running.pollDrop(cx);
    }

    @Override
    protected void drop() {
        running.drop();
    }

    @Override
    public void children(List<Future<?>> into) {
        running.children(into);
    }

    @Override
    public String toString() {
        return name + " of " + size();
    }
}
