package dev.latent;

/** {@link Futures#pollFn}. */
final class PollFn<T> extends OwnedFuture<T> {
    private final Futures.PollFunction<? extends T> function;

    PollFn(Futures.PollFunction<? extends T> function) {
        this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) throws Exception {
        return (Poll<T>) function.poll(cx);
    }

    @Override
    protected void dropOwned() {}

    @Override
    public String toString() {
        return "pollFn";
    }
}
