package dev.latent.interop.opentelemetry;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.TaskLocal;
import dev.latent.ThreadBridge;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Context} of OpenTelemetry for a future, across its awaits and in its cleanup: there it is {@link Context#current()}. Tasks that are spawned
 * in it inherit it, and {@link Async#spawnBlocking} and {@link Async#compute} have it.
 *
 * {@snippet :
 * await(Tracing.span(tracer.spanBuilder("checkout"), checkout(order)));
 * }
 *
 * <p>It is made current as a poll of such a future begins, and the one before as it returns. So a {@link Scope} that a body itself opens must be
 * closed before its next await: use these methods in its place.
 */
public final class Tracing {
    static final TaskLocal<Context> CONTEXT = TaskLocal.inherited("opentelemetry", new ThreadBridge<>() {
        @Override
        public Object enter(Context context) {
            return context.makeCurrent();
        }

        @Override
        public void leave(@Nullable Object scope) {
            if (scope instanceof Scope entered) {
                entered.close();
            }
        }
    });

    private Tracing() {}

    /**
     * {@return {@code future}, in which {@code context} is current}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> where(Context context, Future<? extends R> future) {
        return CONTEXT.where(context, future);
    }

    /**
     * {@return {@code future}, with the context that is current on this thread now} For where blocking code hands over to async code:
     * {@code executor.spawn(Tracing.carrying(f))}.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> carrying(Future<? extends R> future) {
        return where(Context.current(), future);
    }

    /**
     * {@return {@code future}, in a span of its own} The span begins at the first poll, below the one that is current there, and ends when the future has ended, cleanup
     * included. A failure is recorded in it; one that is dropped has an event {@code dropped}. Dropped unpolled, there is no span.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> span(SpanBuilder builder, Future<? extends R> future) {
        return new Spanned<>(builder, future);
    }
}
