package dev.latent.interop.opentelemetry;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@link Tracing#span}. What a span's processors throw at its end is reported: the future has become what it has become. */
final class Spanned<T> extends OwnedFuture<T> {
    private final SpanBuilder builder;
    private Future<? extends T> future;

    /** Null before the first poll, and after the end. */
    private @Nullable Span span;

    private @Nullable Spawner home;
    private boolean started;

    Spanned(SpanBuilder builder, Future<? extends T> future) {
        this.builder = builder;
        this.future = future;
        Owners.claim(future, this);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) throws Exception {
        if (!started) {
            started = true;
            home = cx.spawner();
            Span mine;
            try {
                mine = builder.startSpan();
            } catch (Throwable t) { // without a span it is not polled
                Foreign.call(home, this, ", dropped", () -> Owners.drop(future, this));
                throw t;
            }
            span = mine;
            Owners.unclaim(future, this);
            future = Tracing.where(io.opentelemetry.context.Context.current().with(mine), future);
            Owners.claim(future, this);
        }
        try {
            Poll<T> poll = Owners.poll((Future<T>) future, this, cx);
            if (poll.isReady()) {
                end(_ -> {});
            }
            return poll;
        } catch (Throwable t) {
            end(failed -> {
                failed.setStatus(StatusCode.ERROR);
                failed.recordException(t);
            });
            throw t;
        }
    }

    private void end(Consumer<? super Span> how) {
        Span ended = span;
        span = null;
        if (ended != null) {
            Foreign.call(home, this, ", its span", () -> how.accept(ended));
            Foreign.call(home, this, ", its span", ended::end);
        }
    }

    private void dropped() {
        end(ended -> ended.addEvent("dropped"));
    }

    @Override
    protected void dropOwned() {
        try {
            Owners.drop(future, this);
        } finally {
            dropped();
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        boolean waits = false;
        try {
            waits = !Owners.pollDrop(future, this, cx).isReady();
            return waits ? Poll.pending() : Poll.done();
        } finally {
            if (!waits) {
                dropped();
            }
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(future);
    }

    @Override
    protected boolean isBeingPolled() {
        return Owners.isBeingPolled(future);
    }

    @Override
    protected void undelivered(T value) {
        Owners.undelivered(future, value);
    }

    @Override
    protected Future<?> shown() {
        return future;
    }

    @Override
    public String toString() {
        return String.valueOf(future);
    }
}
