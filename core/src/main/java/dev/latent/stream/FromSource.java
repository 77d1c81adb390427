package dev.latent.stream;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#from(Source)}: asks without a future where that gives something, and owns the source. */
final class FromSource<T> extends Leaf<T> {
    private final Source<? extends T> source;

    /** The source's {@code next()}, while that is pending. */
    private @Nullable Future<?> next;

    private @Nullable Future<Void> closing;
    private boolean closed;

    FromSource(Source<? extends T> source) {
        super("from " + Names.of(source));
        this.source = source;
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        Object now = PENDING;
        if (next == null) {
            now = source.nextNow(cx);
            if (now == Poll.pending()) {
                if (nowOnly) {
                    return PENDING;
                }
                next = source.next();
                Owners.claim(next, this);
            }
        } else if (nowOnly) {
            return PENDING;
        }
        if (next != null) {
            boolean waits = false;
            try {
                now = Owners.pollRaw(next, this, cx);
                waits = now == PENDING;
            } finally {
                if (!waits) {
                    next = null;
                }
            }
            if (waits) {
                return PENDING;
            }
        }
        return (Next<?>) now instanceof Item<?>(var value) ? value : END;
    }

    @Override
    boolean dispose(Context cx) {
        if (next != null) {
            if (!drop(next, this, cx)) {
                return false;
            }
            next = null;
        }
        if (closing == null && !closed && source instanceof AsyncCloseable waits) {
            try {
                Future<Void> future = waits.closeAsync();
                Owners.claim(future, this);
                closing = future;
            } catch (Throwable t) { // then it is closed without waiting
                Owners.report(cx.spawner(), source, ", at its close", t);
            }
        }
        if (closing == null) {
            disposeNow();
            return true;
        }
        try {
            if (Owners.pollRaw(closing, this, cx) == PENDING) {
                return false;
            }
        } catch (Throwable t) {
            Owners.report(cx.spawner(), source, ", at its close", t);
        }
        closing = null;
        closed = true;
        return true;
    }

    @Override
    void disposeNow() {
        if (next != null) {
            drop(next, this);
            next = null;
        }
        if (closing != null) {
            drop(closing, this); // which goes on closing
            closing = null;
        } else if (!closed) {
            try {
                source.close();
            } catch (Throwable t) {
                Owners.report(null, source, ", at its close", t);
            }
        }
        closed = true;
    }

    @Override
    public void children(List<Future<?>> into) {
        if (next != null) {
            into.add(next);
        }
    }
}
