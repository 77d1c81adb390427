package dev.latent;

import dev.latent.internal.combine.Select;
import dev.latent.internal.combine.Then;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a {@code select} with its handler, made by {@link Async#on} and {@link Async#onDo}.
 *
 * @param <R> what the handler gives
 */
public final class Arm<R extends @Nullable Object> {
    private final Future<?> future;

    /** An async closure of one argument. */
    private final Object handler;

    Arm(Future<?> future, Object handler) {
        AsyncFrame.of(handler);
        this.future = future;
        this.handler = handler;
    }

    /** The select of these arms, then the winner's handler. */
    static <R> Future<R> select(boolean biased, Arm<? extends R> first, Arm<? extends R>[] rest) {
        Arm<?>[] arms = new Arm<?>[rest.length + 1];
        Future<?>[] futures = new Future<?>[arms.length];
        for (int i = 0; i < arms.length; i++) {
            arms[i] = i == 0 ? first : rest[i - 1];
            futures[i] = arms[i].future;
        }
        var select = new Select<>(biased, Won::new, futures);
        return new Then<Won, R>(select.toString(), select, won -> handle(arms[won.arm], won.value));
    }

    @SuppressWarnings("unchecked")
    private static <R> Future<R> handle(Arm<?> arm, @Nullable Object value) {
        return (Future<R>) arm.handle(value);
    }

    private AsyncFrame<R> handle(@Nullable Object value) {
        return AsyncFrame.of(handler, new @Nullable Object[] {value});
    }

    private record Won(int arm, @Nullable Object value) {}
}
