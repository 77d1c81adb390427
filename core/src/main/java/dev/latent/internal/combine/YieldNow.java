package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;

/** {@link Async#yieldNow}. */
public final class YieldNow extends OwnedFuture<Void> {
    private boolean yielded;

    public YieldNow() {}

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        if (yielded) {
            return Poll.done();
        }
        yielded = true;
        cx.waker().wake();
        return Poll.pending();
    }

    @Override
    protected void dropOwned() {}

    @Override
    public String toString() {
        return "yieldNow";
    }
}
