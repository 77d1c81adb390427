package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.internal.Sneaky;
import dev.latent.internal.combine.WokenSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream among many; each may be pending for itself. */
final class Branch<K, T> extends WokenSet.Slot {
    final K key;
    final Drive<T> drive;
    private @Nullable Object value;
    private @Nullable Throwable failure;

    Branch(K key, Drive<T> drive) {
        this.key = key;
        this.drive = drive;
    }

    @Override
    protected boolean poll(Context cx) {
        try {
            value = drive.advance(cx);
            return value != Stage.PENDING;
        } catch (Throwable t) {
            failure = t;
            return true;
        }
    }

    /** {@return the value, or {@link Stage#END}, or throws} */
    @Nullable
    Object take() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        Object taken = value;
        value = null;
        return taken;
    }

    @Override
    protected void work(Context cx) {
        drive.work(cx);
    }

    @Override
    protected boolean pollDrop(Context cx) {
        return drive.dispose(cx);
    }

    @Override
    protected void drop() {
        drive.disposeNow();
    }

    @Override
    protected void children(List<Future<?>> into) {
        drive.children(into);
    }

    @Override
    public String toString() {
        return drive.toString();
    }
}
