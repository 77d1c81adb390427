package dev.latent;

import dev.latent.internal.combine.Lazy;
import dev.latent.internal.combine.Mapped;
import dev.latent.internal.combine.Now;
import dev.latent.internal.combine.PendingFuture;
import dev.latent.internal.combine.PollFn;
import dev.latent.internal.combine.ReadyFuture;
import dev.latent.internal.combine.Recovered;
import dev.latent.internal.combine.StageFuture;
import dev.latent.internal.combine.Then;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Futures made of values, functions and {@link CompletionStage}s, for library code; in a program an async body is mostly
 * plainer.
 *
 * <p>Each takes the future it is given over, and drops it when dropped: cancel safety is that of the future given.
 */
public final class Futures {
    private Futures() {}

    /** {@return a future that is ready with {@code value}; it has no state and may be used any number of times} */
    public static <T> Future<T> ready(T value) {
        return new ReadyFuture<>(Poll.ready(value));
    }

    /** {@return a future that is ready, with nothing to tell; always the same} */
    public static Future<Void> done() {
        return ReadyFuture.DONE;
    }

    /** {@return a future that throws {@code failure}; it has no state and may be used any number of times} */
    public static <T> Future<T> failed(Throwable failure) {
        return new FailedFuture<>(Objects.requireNonNull(failure));
    }

    /** {@return a future that is never ready; always the same} */
    @SuppressWarnings("unchecked")
    public static <T> Future<T> pending() {
        return (Future<T>) PendingFuture.FOREVER;
    }

    /** A future's poll, as a function. */
    @FunctionalInterface
    public interface PollFunction<T> {
        /** As {@link Future#poll}. */
        Poll<T> poll(Context cx) throws Exception;
    }

    /** {@return a future whose poll is {@code function}, and which owns nothing that would have to be dropped} */
    public static <T> Future<T> pollFn(PollFunction<? extends T> function) {
        return new PollFn<>(Objects.requireNonNull(function));
    }

    /** {@return the future that {@code supplier} makes at the first poll} */
    public static <T> Future<T> lazy(Supplier<? extends Future<? extends T>> supplier) {
        Objects.requireNonNull(supplier);
        return new Lazy<>("lazy", _ -> supplier.get());
    }

    /** {@return a future of {@code function} of what {@code future} becomes} */
    public static <A, R> Future<R> map(Future<? extends A> future, Function<? super A, ? extends R> function) {
        return new Mapped<>(future, function);
    }

    /**
     * {@return a future of what the future becomes that {@code function} makes of what {@code future} becomes} Elsewhere it is called {@code thenCompose},
     * {@code and_then}, {@code flatMap}.
     */
    public static <A, R> Future<R> then(
            Future<? extends A> future, Function<? super A, ? extends Future<? extends R>> function) {
        return new Then<>("then of " + future, future, function);
    }

    /** {@return a future of {@code future}'s value, or of {@code function} of its failure} */
    public static <T> Future<T> recover(Future<? extends T> future, Function<? super Throwable, ? extends T> function) {
        return new Recovered<>(future, Throwable.class, function);
    }

    /** {@return a future of {@code future}'s value, or of {@code function} of its failure if that is a {@code type}; any other it throws} */
    public static <X extends Throwable, T> Future<T> catching(
            Future<? extends T> future, Class<X> type, Function<? super X, ? extends T> function) {
        return new Recovered<>(future, type, function);
    }

    /**
     * {@return a future of {@code future}'s value if that is ready when it is polled once; otherwise it has been dropped, and its cleanup has ended}
     *
     * <p>It takes one poll, whatever is in the way: to let something a little time, there is {@link Async#withTimeout}. A {@link Pinned} future is given
     * back instead of dropped.
     */
    public static <T> Future<Timed<T>> now(Future<? extends T> future) {
        return new Now<>(future);
    }

    /**
     * {@return {@code future}, to be awaited any number of times, by any number of tasks, on any thread}
     *
     * <p>It is polled by whichever awaiter comes; each gets the same value, or a copy of the failure.
     *
     * <p><em>Cancel safety:</em> an awaiter that is dropped leaves the work to the others. When the last one is dropped
     * before the end the work is dropped too, and a later awaiter gets a
     * {@link java.util.concurrent.CancellationException}.
     */
    public static <T> Shared<T> shared(Future<? extends T> future) {
        return new SharedFuture<>(future);
    }

    /**
     * {@return a future of the stage that {@code start} makes at the first poll}
     *
     * <p><em>Cancel safety:</em> dropping it cancels the stage, if that can be cancelled; a cancelled stage is a
     * {@link java.util.concurrent.CancellationException} here.
     */
    public static <T> Future<T> fromCompletionStage(Supplier<? extends CompletionStage<? extends T>> start) {
        return new StageFuture<>(true, Objects.requireNonNull(start));
    }

    /**
     * {@return a future that looks at a stage which runs anyway}
     *
     * <p><em>Cancel safety:</em> dropping it leaves the stage alone. What it has left with the stage stays there until that completes, since a
     * stage knows no way to take a callback back: where it loses in a loop, keep one of it by {@link Async#pin}.
     */
    public static <T> Future<T> observe(CompletionStage<? extends T> running) {
        return new StageFuture<>(false, () -> running);
    }

    /**
     * {@return {@code future}, with what becomes of its value when nobody is left to receive it}
     *
     * <p>That is so when a join fails or is dropped in which this future was ready already, when a task is cancelled that
     * had ended, when an async body is dropped during a cleanup that its {@code return} has to pass, and the like. Without it a {@link Releasable} value is closed, and any other let go.
     */
    public static <T> Future<T> onUndelivered(Future<T> future, Consumer<? super T> consumer) {
        return new OnUndelivered<>(future, consumer);
    }
}
