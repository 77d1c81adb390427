package dev.latent.stream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** What becomes of all values of a stream, so far; {@link Stage#NONE}: there was none. */
final class Folding<T, R> implements Drive.Sink<T> {
    private final Plain.BiFunction<? super R, ? super T, ? extends R> function;

    @Nullable
    Object so;

    Folding(@Nullable Object init, Plain.BiFunction<? super R, ? super T, ? extends R> function) {
        this.so = init;
        this.function = function;
    }

    @Override
    public void accept(T value) throws Exception {
        Object before = so;
        so = Stage.NONE; // what the function has been given is its own
        so = before == Stage.NONE ? value : function.apply(Stage.cast(before), value);
    }

    /** Nobody receives what was made so far. */
    void letGo() {
        if (so != Stage.NONE) {
            Stage.discard(so);
            so = Stage.NONE;
        }
    }

    /** In a container, made when it is needed. */
    static final class Collecting<T, A> implements Drive.Sink<T> {
        private final Collector<? super T, A, ?> collector;
        private @Nullable Object container = Stage.NONE;

        Collecting(Collector<? super T, A, ?> collector) {
            this.collector = collector;
        }

        A container() {
            if (container == Stage.NONE) {
                container = collector.supplier().get();
            }
            return Stage.cast(container);
        }

        @Override
        public void accept(T value) {
            collector.accumulator().accept(container(), value);
        }
    }

    /** In a list, of which each is let go if nobody receives that. */
    static final class Listing<T> implements Drive.Sink<T> {
        private final List<T> all = new ArrayList<>();

        @Override
        public void accept(T value) {
            all.add(value);
        }

        List<T> told() {
            return Collections.unmodifiableList(all);
        }

        void letGo() {
            all.forEach(Stage::discard);
        }
    }
}
