package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#from(Future)}. */
final class OfFuture<T> extends Leaf<T> {
    private @Nullable Future<? extends T> future;

    OfFuture(Future<? extends T> future) {
        super("from " + Names.of(future));
        Owners.claim(future, this);
        this.future = future;
    }

    @Override
    @Nullable
    Leaf<?> leaf() {
        return null;
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        if (future == null) {
            return END;
        }
        boolean waits = false;
        try {
            Object out = Owners.pollRaw(future, this, cx);
            waits = out == PENDING;
            return out;
        } finally {
            if (!waits) {
                future = null;
            }
        }
    }

    @Override
    boolean dispose(Context cx) {
        if (future != null) {
            if (!drop(future, this, cx)) {
                return false;
            }
            future = null;
        }
        return true;
    }

    @Override
    void disposeNow() {
        if (future != null) {
            drop(future, this);
            future = null;
        }
    }

    @Override
    void children(List<Future<?>> into) {
        if (future != null) {
            into.add(future);
        }
    }
}
