package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Outcome;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import dev.latent.internal.Undelivered;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CompletionStage} as a future. {@link #state} is the waker of the latest poll until the stage completes, then its
 * outcome, or {@link #DROPPED}.
 */
public final class StageFuture<T> extends OwnedFuture<T> {
    private static final Object DROPPED = new Object();

    private final Supplier<? extends CompletionStage<? extends T>> start;

    /** Dropping this cancels the stage. */
    private final boolean owns;

    private final AtomicReference<Object> state = new AtomicReference<>(Waker.noop());
    private @Nullable CompletionStage<? extends T> stage;

    public StageFuture(boolean owns, Supplier<? extends CompletionStage<? extends T>> start) {
        this.owns = owns;
        this.start = start;
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) {
        if (stage == null) {
            stage = start.get();
            stage.whenComplete(this::completed);
        }
        Object seen = state.get();
        while (seen instanceof Waker) {
            if (state.compareAndSet(seen, cx.waker())) {
                return Poll.pending();
            }
            seen = state.get();
        }
        if (!cx.spend()) {
            return Poll.pending();
        }
        return switch ((Outcome<T>) seen) {
            case Outcome.Ok<T>(var value) -> Poll.ready(value);
            case Outcome.Failed<T>(var failure) -> throw Sneaky.rethrow(failure);
        };
    }

    private void completed(@Nullable T value, @Nullable Throwable failure) {
        Object before = state.get();
        Object outcome =
                failure == null ? new Outcome.Ok<@Nullable T>(value) : new Outcome.Failed<>(Failures.unwrap(failure));
        while (before instanceof Waker waker) {
            if (state.compareAndSet(before, outcome)) {
                waker.wake();
                return;
            }
            before = state.get();
        }
        if (owns && failure == null) {
            Undelivered.discard(value);
        }
    }

    @Override
    protected void dropOwned() {
        Object before = state.getAndSet(DROPPED);
        if (!owns || stage == null) {
            return;
        }
        if (before instanceof Outcome.Ok<?>(var value)) {
            Undelivered.discard(value);
            return;
        }
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // A stage that can't be a CompletableFuture can't be cancelled either: its outcome is ignored.
        }
    }

    @Override
    public String toString() {
        return "future of a CompletionStage";
    }
}
