package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#takeUntil} and {@link AsyncStream#skipUntil}: something else happens, while values come. */
final class Until<T> extends Linear<T, T> {
    /** What comes before is given, and nothing after; or the other way round. */
    private final boolean before;

    private @Nullable Future<?> signal;

    Until(AsyncStream<T> source, boolean before, Future<?> signal) {
        super(before ? "takeUntil" : "skipUntil", source);
        this.before = before;
        try {
            Owners.claim(signal, this);
        } catch (RuntimeException e) {
            giveBack(source, this);
            throw e;
        }
        this.signal = signal;
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        boolean waits = waits(cx);
        if (before) {
            return waits ? source.advance(cx) : END;
        }
        while (true) {
            Object value = source.advance(cx);
            if (value == PENDING || value == END || !waits) {
                return value;
            }
            discard(value);
        }
    }

    /** {@return whether it has not happened yet} Once it has, the source is asked no less than the signal was. */
    private boolean waits(Context cx) throws Exception {
        if (signal == null) {
            return false;
        }
        boolean waits = false;
        try {
            waits = Owners.pollRaw(signal, this, cx) == PENDING;
        } finally {
            if (!waits) {
                signal = null;
            }
        }
        return waits;
    }

    @Override
    boolean dispose(Context cx) {
        if (signal != null) {
            if (!drop(signal, this, cx)) {
                return false;
            }
            signal = null;
        }
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        if (signal != null) {
            drop(signal, this);
            signal = null;
        }
        source.disposeNow();
    }

    @Override
    void children(List<Future<?>> into) {
        if (signal != null) {
            into.add(signal);
        }
        super.children(into);
    }
}
