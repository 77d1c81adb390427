package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Terminal operations that run an async closure on each value. While it runs, the stream gets on as far as it has place. */
abstract class Each<T, R> extends Terminal<T, R> {
    private @Nullable Future<?> body;

    Each(String name, AsyncStream<T> source) {
        super(name, source);
    }

    /** {@return what runs on {@code value}} */
    abstract Future<?> call(@Nullable Object value);

    /** What it gave. */
    abstract void took(@Nullable Object result);

    abstract R result();

    @Override
    protected Poll<R> pollOwned(Context cx) throws Exception {
        while (true) {
            if (body != null) {
                if (!bodyEnds(cx, body)) {
                    source.work(cx);
                    return Poll.pending();
                }
                body = null;
            }
            Object value = source.advance(cx);
            if (value == Stage.PENDING) {
                return Poll.pending();
            }
            if (value == Stage.END) {
                return Poll.ready(result());
            }
            try {
                body = call(value);
                Owners.claim(body, this);
            } catch (Throwable t) {
                source.fail(t);
            }
        }
    }

    private boolean bodyEnds(Context cx, Future<?> running) {
        try {
            Object out = Owners.pollRaw(running, this, cx);
            if (out == Stage.PENDING) {
                return false;
            }
            took(out);
        } catch (Throwable t) {
            source.fail(t);
        }
        return true;
    }

    @Override
    protected boolean isBeingPolled() {
        return super.isBeingPolled() || body != null && Owners.isBeingPolled(body);
    }

    @Override
    protected List<Future<?>> children() {
        List<Future<?>> all = super.children();
        if (body != null) {
            all.addFirst(body);
        }
        return all;
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (body != null) {
            if (!Stage.drop(body, this, cx)) {
                return Poll.pending();
            }
            body = null;
        }
        return super.pollDropOwned(cx);
    }

    @Override
    protected void dropOwned() {
        if (body != null) {
            Stage.drop(body, this);
            body = null;
        }
        super.dropOwned();
    }

    /** {@link AsyncStream#forEach}. */
    static final class ForEach<T> extends Each<T, Void> {
        private final Object consumer;

        ForEach(AsyncStream<T> source, Object consumer) {
            super("forEach", source);
            this.consumer = consumer;
        }

        @Override
        Future<?> call(@Nullable Object value) {
            return Owners.call(consumer, value);
        }

        @Override
        void took(@Nullable Object result) {}

        @Override
        Void result() {
            return Stage.cast(null);
        }
    }

    /** {@link AsyncStream#foldAsync}. */
    static final class Fold<T, R> extends Each<T, R> {
        private final Object function;
        private R so;

        Fold(AsyncStream<T> source, R init, Object function) {
            super("foldAsync", source);
            this.function = function;
            this.so = init;
        }

        @Override
        Future<?> call(@Nullable Object value) {
            return Owners.call(function, so, value);
        }

        @Override
        void took(@Nullable Object result) {
            so = Stage.cast(result);
        }

        @Override
        R result() {
            return so;
        }
    }
}
