package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;

/** {@code closeAsync()} of a {@link Pulled}; dropped half-way, it leaves the rest of the cleanup to the executor. */
public final class CloseFuture extends OwnedFuture<Void> {
    private final Pulled<?> source;
    private boolean begun;

    /** Closes {@code source}, when it is polled. */
    public CloseFuture(Pulled<?> source) {
        this.source = source;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        begun = true;
        return source.pollClose(cx) ? Poll.done() : Poll.pending();
    }

    @Override
    protected void dropOwned() {
        if (begun) {
            source.closeNow();
        }
    }

    @Override
    public String toString() {
        return "the close of " + source;
    }
}
