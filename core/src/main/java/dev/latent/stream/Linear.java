package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import java.util.List;

/** An operator on one stage, which holds nothing else; what does, overrides. */
abstract class Linear<A, T> extends Stage<T> {
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
        return name + " of " + source;
    }
}
