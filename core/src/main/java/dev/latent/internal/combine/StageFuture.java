package dev.latent.internal.combine;

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Outcome;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import dev.latent.internal.Undelivered;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link CompletionStage} as a future. */
public final class StageFuture<T> extends OwnedFuture<T> {
    private static final Object DROPPED = new Object();
    private static final Object NOT_KEPT = new Outcome.Failed<>(Failures.NO_MEMORY);

    private final Supplier<? extends CompletionStage<? extends T>> start;

    /** Dropping this cancels the stage. */
    private final boolean owns;

    /** Null until the stage completes; {@link #DROPPED}: what it becomes is nobody's. */
    private final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

    private final AtomicWaker waiting = new AtomicWaker();
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
        Object ended = outcome.get();
        if (ended == null) {
            waiting.register(cx.waker());
            ended = outcome.get();
            if (ended == null) {
                return Poll.pending();
            }
        }
        if (!cx.spend()) {
            return Poll.pending();
        }
        return switch ((Outcome<T>) ended) {
            case Outcome.Ok<T>(var value) -> Poll.ready(value);
            case Outcome.Failed<T>(var failure) -> throw Sneaky.rethrow(failure);
        };
    }

    private void completed(@Nullable T value, @Nullable Throwable failure) {
        Object ended = ended(value, failure);
        if (outcome.compareAndSet(null, ended)) {
            waiting.wake();
        } else if (owns && failure == null) {
            Undelivered.discard(value);
        }
    }

    private Object ended(@Nullable T value, @Nullable Throwable failure) {
        try {
            return failure == null
                    ? new Outcome.Ok<@Nullable T>(value)
                    : new Outcome.Failed<>(Failures.unwrap(failure));
        } catch (Throwable t) { // nobody would hear of it, and the future would wait for ever
            if (owns && failure == null) {
                Undelivered.discard(value);
            }
            return NOT_KEPT;
        }
    }

    @Override
    protected void dropOwned() {
        Object before = outcome.getAndSet(DROPPED);
        waiting.take();
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
