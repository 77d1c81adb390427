package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Tuple2;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Sources that never wait, except for other tasks to have their turn: each value spends a unit of the budget. */
final class Leaves {
    private Leaves() {}

    /** Of what an iterator has, which is asked for at the first poll. */
    static final class OfIterable<T> extends Leaf<T> {
        private @Nullable Iterable<? extends T> all;
        private @Nullable Iterator<? extends T> iterator;

        OfIterable(String name, @Nullable Iterable<? extends T> all, @Nullable Iterator<? extends T> iterator) {
            super(name);
            this.all = all;
            this.iterator = iterator;
        }

        @Override
        @Nullable
        Object advance(Context cx) {
            Iterator<? extends T> of = iterator;
            if (of == null) {
                iterator = of = java.util.Objects.requireNonNull(all).iterator();
                all = null;
            }
            if (!cx.spend()) {
                return PENDING;
            }
            if (of.hasNext()) {
                return of.next();
            }
            cx.unspend();
            return END;
        }
    }

    /** {@link AsyncStream#of}. */
    static final class OfArray<T> extends Leaf<T> {
        private final T[] all;
        private int next;

        OfArray(T[] all) {
            super("of " + all.length);
            this.all = all;
        }

        @Override
        @Nullable
        Object advance(Context cx) {
            if (next == all.length) {
                return END;
            }
            return cx.spend() ? all[next++] : PENDING;
        }
    }

    /** {@link AsyncStream#repeat}. */
    static final class Repeat<T> extends Leaf<T> {
        private final T value;

        Repeat(T value) {
            super("repeat");
            this.value = value;
        }

        @Override
        @Nullable
        Object advance(Context cx) {
            return cx.spend() ? value : PENDING;
        }
    }

    /** {@link AsyncStream#unfold}. */
    static final class Unfold<S, T> extends Leaf<T> {
        private final Plain.Function<? super S, ? extends Next<Tuple2<T, S>>> function;
        private S state;

        Unfold(S seed, Plain.Function<? super S, ? extends Next<Tuple2<T, S>>> function) {
            super("unfold");
            this.state = seed;
            this.function = function;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            if (!cx.spend()) {
                return PENDING;
            }
            if (function.apply(state) instanceof Item<Tuple2<T, S>>(var both)) {
                state = both.second();
                return both.first();
            }
            return END;
        }
    }

    /** {@link AsyncStream#failed}. */
    static final class Failed<T> extends Leaf<T> {
        private final Throwable failure;

        Failed(Throwable failure) {
            super("failed");
            this.failure = failure;
        }

        @Override
        Object advance(Context cx) {
            throw dev.latent.internal.Sneaky.rethrow(failure);
        }
    }
}
