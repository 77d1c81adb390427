package dev.latent.sync;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Guard#map}: something else in the place of what the guard in it guards. */
final class MappedGuard<R extends @Nullable Object> implements Guard<R> {
    private @Nullable Guard<?> of;
    private final R value;

    MappedGuard(Guard<?> of, R value) {
        this.of = of;
        this.value = value;
    }

    private Guard<?> open() {
        if (of == null) {
            throw closed(this);
        }
        return of;
    }

    static IllegalStateException closed(Object guard) {
        return new IllegalStateException(guard + " was closed, or gave way to another");
    }

    @Override
    public R get() {
        open();
        return value;
    }

    @Override
    public <Q extends @Nullable Object> Guard<Q> map(Function<? super R, ? extends Q> part) {
        Q mine = part.apply(get());
        Guard<Q> mapped = new MappedGuard<>(open(), mine); // open still: the part is the program's
        of = null;
        return mapped;
    }

    @Override
    public Guard<R> owned() {
        Guard<?> held = open().owned();
        of = held; // for as long as there is no other
        Guard<R> owned = new MappedGuard<>(held, value);
        of = null;
        return owned;
    }

    @Override
    public void close() {
        Guard<?> held = of;
        of = null;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public String toString() {
        return "a guard of a part";
    }
}
