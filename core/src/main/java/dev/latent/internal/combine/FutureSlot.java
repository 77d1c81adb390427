package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.internal.Sneaky;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A future in a {@link WokenSet}; when it has something to tell, it has ended. */
public final class FutureSlot extends WokenSet.Slot {
    private final Future<?> future;
    private final Object owner;
    private @Nullable Object value;
    private @Nullable Throwable failure;
    private boolean ended;

    /** Takes {@code future} for {@code owner}. */
    public FutureSlot(Future<?> future, Object owner) {
        Owners.claim(future, owner);
        this.future = future;
        this.owner = owner;
    }

    @Override
    protected boolean poll(Context cx) {
        try {
            Object out = Owners.pollRaw(future, owner, cx);
            if (out == Owners.PENDING) {
                return false;
            }
            value = out;
        } catch (Throwable t) {
            failure = t;
        }
        ended = true;
        return true;
    }

    /** {@return whether it was ready, or threw} */
    public boolean hasEnded() {
        return ended;
    }

    /** {@return whether it threw} */
    public boolean hasFailed() {
        return failure != null;
    }

    /** {@return what the future became, or throws what that threw} */
    public @Nullable Object get() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        return value;
    }

    /** Nobody will {@link #get} what has ended; a failure is told to {@code spawner}. */
    public void letGo(@Nullable Spawner spawner) {
        if (failure != null) {
            Owners.report(spawner, future, ", dropped", failure);
        } else if (ended) {
            Owners.undelivered(spawner, future, value);
        }
    }

    @Override
    protected boolean pollDrop(Context cx) {
        return ended || Owners.pollDrop(future, owner, cx).isReady();
    }

    @Override
    protected void drop() {
        if (!ended) {
            Owners.drop(future, owner);
        }
    }

    @Override
    protected void children(List<Future<?>> into) {
        if (!ended) {
            into.add(future);
        }
    }

    @Override
    public String toString() {
        return String.valueOf(future);
    }
}
