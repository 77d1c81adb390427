package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.internal.Undelivered;
import org.jspecify.annotations.Nullable;

/** A {@link Pulled} that keeps what comes back, and knows whether it is closed. */
public abstract class Outlet<T> implements Pulled<T> {
    private final Returned<T> back = new Returned<>();
    private @Nullable NextFuture<T> asker;
    private boolean closed;

    /** Open. */
    protected Outlet() {}

    /** As {@link #pull}, where nothing has come back. */
    protected abstract @Nullable Object pullNew(Context cx) throws Exception;

    /** Lets go of what was obtained and not told, once. */
    protected abstract void letGo();

    /** {@return whether all cleanup has ended} of what is dropped; called until then, and harmless after. */
    protected abstract boolean pollDrop(Context cx);

    /** As {@link #pollDrop}, without waiting. */
    protected abstract void drop();

    /** {@return how many have come back} */
    protected final int cameBack() {
        return back.size();
    }

    /**
     * To be called before something is added.
     *
     * @throws IllegalStateException when it is closed
     */
    protected final void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed: nothing can be added any more");
        }
    }

    @Override
    public final @Nullable Object pull(Context cx) throws Exception {
        if (closed) {
            return NextFuture.END;
        }
        if (!back.isEmpty()) {
            return back.take();
        }
        Object value = pullNew(cx);
        if (value != Owners.PENDING && value != NextFuture.END) {
            back.gave();
        }
        return value;
    }

    @Override
    public final long number() {
        return back.last();
    }

    @Override
    public final void putBack(T value, long number) {
        boolean kept = !closed;
        if (kept) {
            try {
                back.add(value, number);
            } catch (Throwable noMemory) {
                kept = false;
            }
        }
        if (!kept) {
            Undelivered.give(null, value, this);
        }
    }

    @Override
    public final @Nullable NextFuture<T> asker() {
        return asker;
    }

    @Override
    public final void asker(@Nullable NextFuture<T> now) {
        asker = now;
    }

    @Override
    public final boolean pollClose(Context cx) {
        begin();
        return pollDrop(cx);
    }

    @Override
    public final void closeNow() {
        begin();
        drop();
    }

    private void begin() {
        if (!closed) {
            closed = true;
            while (!back.isEmpty()) {
                Undelivered.give(null, back.take(), this);
            }
            letGo();
            if (asker != null) {
                asker.wake();
            }
        }
    }
}
