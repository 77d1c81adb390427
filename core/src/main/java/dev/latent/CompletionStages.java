package dev.latent;

import dev.latent.internal.combine.Single;
import java.util.concurrent.CompletableFuture;

/** A task whose outcome goes to a {@link CompletableFuture}. */
final class CompletionStages<T> extends Single<T, Void> {
    private final CompletableFuture<T> completable;

    private CompletionStages(Future<? extends T> future, CompletableFuture<T> completable) {
        this.completable = completable;
        take(future);
    }

    static <T> CompletableFuture<T> spawn(Spawner spawner, Future<? extends T> future) {
        var completable = new CompletableFuture<T>();
        JoinHandle<Void> handle = spawner.spawn(new CompletionStages<>(future, completable));
        // However it completes, by a cancel or an orTimeout too, the task is needed no more.
        completable.whenComplete((_, _) -> handle.close());
        return completable;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        try {
            if (!(pollInner(cx) instanceof Poll.Ready<T>(var value))) {
                return Poll.pending();
            }
            if (!completable.complete(value)) {
                undeliveredInner(value);
            }
        } catch (Throwable t) {
            if (!completable.completeExceptionally(t)) {
                Owners.report(cx.spawner(), this, ", cancelled", t);
            }
        }
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        try {
            super.dropOwned();
        } finally {
            completable.cancel(false);
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        completable.cancel(false);
        return super.pollDropOwned(cx);
    }

    @Override
    public String toString() {
        return String.valueOf(inner());
    }
}
