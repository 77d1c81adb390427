package dev.latent;

/** {@link Futures#pending}. */
final class PendingFuture<T> implements Future<T> {
    static final PendingFuture<?> FOREVER = new PendingFuture<>();

    private PendingFuture() {}

    @Override
    public Poll<T> poll(Context cx) {
        return Poll.pending();
    }

    @Override
    public void drop() {}

    @Override
    public String toString() {
        return "pending";
    }
}
