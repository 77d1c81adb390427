package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Tuple2;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators on a few streams, all of which are asked whenever there is need. */
abstract class Several<T> extends Stage<T> {
    final List<Drive<Object>> sources;
    private final String name;

    Several(String name, List<? extends AsyncStream<?>> sources) {
        this.name = name;
        this.sources = driveAll(sources, this);
    }

    @Override
    void work(Context cx) {
        sources.forEach(each -> each.work(cx));
    }

    @Override
    boolean dispose(Context cx) {
        boolean all = true;
        for (Drive<Object> each : sources) {
            all &= each.dispose(cx);
        }
        return all;
    }

    @Override
    void disposeNow() {
        sources.forEach(Drive::disposeNow);
    }

    @Override
    void children(List<Future<?>> into) {
        sources.forEach(each -> each.children(into));
    }

    @Override
    public String toString() {
        return name + " of " + sources.size();
    }

    /** {@link AsyncStream#mergeBiased}. */
    static final class Biased<T> extends Several<T> {
        Biased(List<? extends AsyncStream<? extends T>> sources) {
            super("mergeBiased", sources);
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            boolean live = false;
            for (Drive<Object> each : sources) {
                Object value = each.advance(cx);
                if (value == PENDING) {
                    live = true;
                } else if (value != END) {
                    return value;
                }
            }
            return live ? PENDING : END;
        }
    }

    /** {@link AsyncStream#zip}. */
    static final class Zip<A, B> extends Several<Tuple2<A, B>> {
        private @Nullable Object first = NONE;
        private @Nullable Object second = NONE;

        Zip(AsyncStream<A> a, AsyncStream<? extends B> b) {
            super("zip", List.of(a, b));
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            if (first == NONE) {
                first = some(sources.getFirst().advance(cx));
            }
            if (first != END && second == NONE) {
                second = some(sources.getLast().advance(cx));
            }
            if (first == END || second == END) {
                return END;
            }
            if (first == NONE || second == NONE) {
                return PENDING;
            }
            Tuple2<A, B> both = new Tuple2<>(cast(first), cast(second));
            first = NONE;
            second = NONE;
            return both;
        }

        private static @Nullable Object some(@Nullable Object value) {
            return value == PENDING ? NONE : value;
        }

        @Override
        boolean dispose(Context cx) {
            letGo();
            return super.dispose(cx);
        }

        @Override
        void disposeNow() {
            letGo();
            super.disposeNow();
        }

        private void letGo() {
            for (Object half : new @Nullable Object[] {first, second}) {
                if (half != NONE && half != END) {
                    discard(half);
                }
            }
            first = NONE;
            second = NONE;
        }
    }
}
