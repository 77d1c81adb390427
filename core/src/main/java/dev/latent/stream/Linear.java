package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import java.util.List;

/** An operator on one stage, which holds nothing else; what does, overrides. */
abstract class Linear<A, T> extends Stage<T> {
    /** Operators that are told of; there may be more than a person reads, or a stack holds. */
    private static final int MOST_NAMED = 16;

    final Stage<A> source;
    private final String name;

    Linear(String name, AsyncStream<A> source) {
        this.name = name;
        this.source = take(source, this);
    }

    @Override
    void work(Context cx) {
        source.work(cx);
    }

    @Override
    boolean dispose(Context cx) {
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        source.disposeNow();
    }

    @Override
    void children(List<Future<?>> into) {
        source.children(into);
    }

    @Override
    public String toString() {
        if (source == null) {
            return name; // it is about to take it
        }
        StringBuilder words = new StringBuilder(name);
        Stage<?> above = source;
        for (int i = 0; above instanceof Linear<?, ?> linear; i++) {
            words.append(" of ").append(i < MOST_NAMED ? linear.name : "more");
            if (i == MOST_NAMED) {
                return words.toString();
            }
            above = linear.source;
        }
        return words.append(" of ").append(above).toString();
    }
}
