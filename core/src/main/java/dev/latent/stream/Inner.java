package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.internal.Fifo;
import dev.latent.internal.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams that are made of others, one after the other: each has ended, cleanup included, before the next begins. */
abstract class Inner<T> extends Stage<T> {
    /** The one that is under way. */
    private @Nullable Drive<T> current;

    /** {@return the next one; {@link #PENDING} or {@link #END}} Called where none is under way. */
    abstract @Nullable Object nextInner(Context cx) throws Exception;

    /** What is above the inner ones gets on. */
    void workAbove(Context cx) {}

    /** As {@link #dispose}, of what is above. */
    abstract boolean disposeAbove(Context cx);

    abstract void disposeAboveNow();

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        while (true) {
            Drive<T> inner = current;
            if (inner == null) {
                Object next = nextInner(cx);
                if (next == PENDING || next == END) {
                    return next;
                }
                if (next == null) {
                    throw new NullPointerException(Names.of(this)
                            + ": its function gave null, where a stream without values is AsyncStream.empty()");
                }
                inner = drive(cast(next), this);
                current = inner;
            }
            Object value = inner.advance(cx);
            if (value == PENDING) {
                workAbove(cx);
            }
            if (value != END) {
                return value;
            }
            current = null;
        }
    }

    /**
     * Where the one under way only hands on what another gives, that takes its place: so a stream that replaces itself again and again
     * does not grow.
     */
    final void shorten() {
        for (Drive<T> next; current != null && (next = current.rest()) != null; ) {
            current = next;
        }
    }

    /** {@return the one that is under way, which is the caller's from now on} */
    final @Nullable Drive<T> handOver() {
        Drive<T> its = current;
        current = null;
        return its;
    }

    @Override
    void work(Context cx) {
        if (current != null) {
            current.work(cx);
        }
        workAbove(cx);
    }

    @Override
    boolean dispose(Context cx) {
        if (current != null) {
            if (!current.dispose(cx)) {
                return false;
            }
            current = null;
        }
        return disposeAbove(cx);
    }

    @Override
    void disposeNow() {
        if (current != null) {
            current.disposeNow();
            current = null;
        }
        disposeAboveNow();
    }

    @Override
    void children(List<Future<?>> into) {
        if (current != null) {
            current.children(into);
        }
    }

    /** {@link AsyncStream#concat}. */
    static final class Concat<T> extends Inner<T> {
        private final Fifo<Drive<T>> left = new Fifo<>();

        Concat(List<? extends AsyncStream<? extends T>> all) {
            Stage.<T>driveAll(all, this).forEach(left::add);
        }

        @Override
        Object nextInner(Context cx) {
            return left.isEmpty() ? END : left.take();
        }

        @Override
        boolean disposeAbove(Context cx) {
            while (!left.isEmpty()) {
                if (!left.peek().dispose(cx)) {
                    return false;
                }
                left.take();
            }
            return true;
        }

        @Override
        void disposeAboveNow() {
            left.drainTo(Drive::disposeNow);
        }

        @Override
        public String toString() {
            return "concat";
        }
    }

    /** {@link AsyncStream#flatMap}. */
    static final class FlatMap<A, T> extends Inner<T> {
        private final Stage<A> source;
        private final Plain.Function<? super A, ? extends AsyncStream<? extends T>> function;

        FlatMap(AsyncStream<A> source, Plain.Function<? super A, ? extends AsyncStream<? extends T>> function) {
            this.source = take(source, this);
            this.function = function;
        }

        @Override
        @Nullable
        Object nextInner(Context cx) throws Exception {
            Object value = source.advance(cx);
            return value == PENDING || value == END ? value : function.apply(cast(value));
        }

        @Override
        void workAbove(Context cx) {
            source.work(cx);
        }

        @Override
        boolean disposeAbove(Context cx) {
            return source.dispose(cx);
        }

        @Override
        void disposeAboveNow() {
            source.disposeNow();
        }

        @Override
        void children(List<Future<?>> into) {
            super.children(into);
            source.children(into);
        }

        @Override
        public String toString() {
            return "flatMap of " + source;
        }
    }

    /** {@link AsyncStream#onError}. */
    static final class OnError<T> extends Inner<T> {
        private final Drive<T> source;
        private final Plain.Function<? super Throwable, ? extends AsyncStream<? extends T>> function;
        private boolean begun;
        private @Nullable Throwable failure;

        OnError(AsyncStream<T> source, Plain.Function<? super Throwable, ? extends AsyncStream<? extends T>> function) {
            this.source = drive(source, this);
            this.function = function;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            if (failure == null) {
                try {
                    return source.advance(cx);
                } catch (Throwable t) { // what it held is cleaned up already
                    failure = t;
                }
            }
            try {
                return super.advance(cx);
            } finally {
                shorten();
            }
        }

        /** {@return the replacement, which the caller goes on with in the place of this; null: it is not under way} */
        @Nullable
        Drive<T> rest() {
            return failure == null ? null : handOver();
        }

        @Override
        @Nullable
        Object nextInner(Context cx) throws Exception {
            if (begun) {
                return END;
            }
            begun = true;
            return function.apply(java.util.Objects.requireNonNull(failure));
        }

        @Override
        void workAbove(Context cx) {
            source.work(cx);
        }

        @Override
        boolean disposeAbove(Context cx) {
            return source.dispose(cx);
        }

        @Override
        void disposeAboveNow() {
            source.disposeNow();
        }

        @Override
        void children(List<Future<?>> into) {
            super.children(into);
            source.children(into);
        }

        @Override
        public String toString() {
            return "onError of " + source;
        }
    }
}
