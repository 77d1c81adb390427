package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Owners;
import dev.latent.Tuple2;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operators that run an async closure on each value, one after the other. */
abstract class Awaiting<A, T> extends Linear<A, T> {
    final Object closure;
    private @Nullable Future<?> body;
    private @Nullable Object item;

    Awaiting(String name, AsyncStream<A> source, Object closure) {
        super(name, source);
        this.closure = closure;
    }

    /** {@return what runs on {@code item}} */
    Future<?> call(@Nullable Object item) {
        return Owners.call(closure, item);
    }

    /** {@return what comes out for {@code item}, of which the closure gave {@code result}; {@link #NONE}: nothing} */
    abstract @Nullable Object result(@Nullable Object item, @Nullable Object result);

    /** The body that runs on {@code item} is dropped, or has failed. */
    void letGo(@Nullable Object item) {}

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        while (true) {
            if (body == null) {
                Object value = source.advance(cx);
                if (value == PENDING || value == END) {
                    return value;
                }
                begin(value);
            }
            Object out = finish(cx, Objects.requireNonNull(body));
            if (out == PENDING) {
                source.work(cx);
                return PENDING;
            }
            Object of = item;
            item = null;
            out = result(of, out);
            if (out != NONE) {
                return out;
            }
        }
    }

    private void begin(@Nullable Object value) {
        Future<?> called;
        try {
            called = call(value);
            Owners.claim(called, this);
        } catch (Throwable t) { // no body has it
            discard(value);
            throw t;
        }
        item = value;
        body = called;
    }

    private @Nullable Object finish(Context cx, Future<?> running) throws Exception {
        try {
            Object out = Owners.pollRaw(running, this, cx);
            if (out != PENDING) {
                body = null;
            }
            return out;
        } catch (Throwable t) {
            bodyDropped();
            throw t;
        }
    }

    @Override
    void work(Context cx) {
        if (body == null) {
            source.work(cx);
        }
    }

    @Override
    boolean dispose(Context cx) {
        if (body != null) {
            if (!drop(body, this, cx)) {
                return false;
            }
            bodyDropped();
        }
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        if (body != null) {
            drop(body, this);
            bodyDropped();
        }
        source.disposeNow();
    }

    private void bodyDropped() {
        body = null;
        letGo(item);
        item = null;
    }

    @Override
    void children(List<Future<?>> into) {
        if (body != null) {
            into.add(body);
        }
        super.children(into);
    }

    /** {@link AsyncStream#mapAsync}. */
    static final class Map<A, T> extends Awaiting<A, T> {
        Map(AsyncStream<A> source, Object function) {
            super("mapAsync", source, function);
        }

        @Override
        @Nullable
        Object result(@Nullable Object item, @Nullable Object result) {
            return result;
        }
    }

    /** {@link AsyncStream#unfoldAsync}: on a source that asks again and again. */
    static final class Unfold<S, T> extends Awaiting<Object, T> {
        private S state;

        Unfold(S seed, Object function) {
            super("unfoldAsync", new Leaves.Repeat<>(NONE), function);
            this.state = seed;
        }

        @Override
        Future<?> call(@Nullable Object item) {
            return Owners.call(closure, state);
        }

        @Override
        @Nullable
        Object result(@Nullable Object item, @Nullable Object result) {
            if (Stage.<Next<Tuple2<T, S>>>cast(result) instanceof Item<Tuple2<T, S>>(var both)) {
                state = both.second();
                return both.first();
            }
            return END;
        }
    }

    /** {@link AsyncStream#filterAsync}. */
    static final class Filter<T> extends Awaiting<T, T> {
        Filter(AsyncStream<T> source, Object predicate) {
            super("filterAsync", source, predicate);
        }

        @Override
        @Nullable
        Object result(@Nullable Object item, @Nullable Object result) {
            return Boolean.TRUE.equals(result) ? item : NONE;
        }

        @Override
        void letGo(@Nullable Object item) {
            discard(item);
        }
    }
}
