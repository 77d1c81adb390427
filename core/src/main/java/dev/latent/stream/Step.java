package dev.latent.stream;

import dev.latent.Context;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operators that look at one value after the other, and never wait. */
abstract class Step<A, T> extends Linear<A, T> {
    Step(String name, AsyncStream<A> source) {
        super(name, source);
    }

    @Override
    @Nullable
    Leaf<?> leaf() {
        return source.leaf();
    }

    /** {@link AsyncStream#map}. */
    static final class Map<A, T> extends Step<A, T> {
        private final Plain.Function<? super A, ? extends T> function;

        Map(String name, AsyncStream<A> source, Plain.Function<? super A, ? extends T> function) {
            super(name, source);
            this.function = function;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            Object value = source.advance(cx);
            return value == PENDING || value == END ? value : function.apply(cast(value));
        }
    }

    /** {@link AsyncStream#filter}. */
    static final class Filter<T> extends Step<T, T> {
        private final Plain.Predicate<? super T> predicate;

        Filter(String name, AsyncStream<T> source, Plain.Predicate<? super T> predicate) {
            super(name, source);
            this.predicate = predicate;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            while (true) {
                Object value = source.advance(cx);
                if (value == PENDING || value == END || predicate.test(cast(value))) {
                    return value;
                }
            }
        }
    }

    /** {@link AsyncStream#takeWhile}. */
    static final class TakeWhile<T> extends Step<T, T> {
        private final Plain.Predicate<? super T> predicate;

        TakeWhile(AsyncStream<T> source, Plain.Predicate<? super T> predicate) {
            super("takeWhile", source);
            this.predicate = predicate;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            Object value = source.advance(cx);
            return value == PENDING || value == END || predicate.test(cast(value)) ? value : END;
        }
    }

    /** {@link AsyncStream#take}. */
    static final class Take<T> extends Step<T, T> {
        private long left;

        Take(AsyncStream<T> source, long n) {
            super("take", source);
            left = n;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            if (left == 0) {
                return END; // the source is not asked for more than is wanted
            }
            Object value = source.advance(cx);
            if (value != PENDING) {
                left--;
            }
            return value;
        }
    }

    /** {@link AsyncStream#skip}. */
    static <T> Plain.Predicate<T> skipping(long n) {
        return new Plain.Predicate<>() {
            private long left = n;

            @Override
            public boolean test(T value) {
                if (left == 0) {
                    return true;
                }
                left--;
                discard(value);
                return false;
            }
        };
    }

    /** {@link AsyncStream#skipWhile}. */
    static <T> Plain.Predicate<T> skipping(Plain.Predicate<? super T> predicate) {
        return new Plain.Predicate<>() {
            private boolean over;

            @Override
            public boolean test(T value) throws Exception {
                over = over || !predicate.test(value);
                return over;
            }
        };
    }

    /** {@link AsyncStream#distinctUntilChanged}. */
    static <T> Plain.Predicate<T> changed() {
        return new Plain.Predicate<>() {
            private @Nullable Object last = NONE;

            @Override
            public boolean test(T value) {
                if (!Objects.equals(last, value)) {
                    last = value;
                    return true;
                }
                if (last != value) {
                    discard(value);
                }
                return false;
            }
        };
    }

    /** {@link AsyncStream#scan}. */
    static <T, R> Plain.Function<T, R> scanning(R init, Plain.BiFunction<? super R, ? super T, ? extends R> function) {
        return new Plain.Function<>() {
            private R so = init;

            @Override
            public R apply(T value) throws Exception {
                so = function.apply(so, value);
                return so;
            }
        };
    }
}
