package dev.latent;

/** {@link Async#yieldNow}. */
final class YieldNow extends OwnedFuture<Void> {
    private boolean yielded;

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
