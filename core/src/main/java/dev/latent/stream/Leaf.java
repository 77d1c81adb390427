package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source of values that has nothing above it. By default it holds nothing either. */
abstract class Leaf<T> extends Stage<T> {
    private final String name;

    /** Set during an {@link #advance} that is to have no effect if it is pending. */
    boolean nowOnly;

    Leaf(String name) {
        this.name = name;
    }

    @Override
    boolean dispose(Context cx) {
        disposeNow();
        return true;
    }

    @Override
    void disposeNow() {}

    @Override
    void children(List<Future<?>> into) {}

    @Override
    @Nullable
    Leaf<?> leaf() {
        return this;
    }

    @Override
    public final String toString() {
        return name;
    }
}
