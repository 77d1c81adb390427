package dev.latent.sync;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the guards of an {@link AsyncRwLock} have in common. */
abstract class RwGuard<T extends @Nullable Object> implements Guard<T> {
    private final AsyncRwLock<T> lock;

    /** What the core knows the holder by. */
    final Object by;

    private boolean closed;

    RwGuard(AsyncRwLock<T> lock, Object by) {
        this.lock = lock;
        this.by = by;
    }

    /** Gives back what it has. */
    abstract void release(LockCore core);

    /** {@return a guard like this, whose holder is not known} Told only of one that is open. */
    abstract RwGuard<T> unknown(AsyncRwLock<T> lock);

    /** {@return a guard like this one} */
    abstract RwGuard<T> again(AsyncRwLock<T> lock);

    final AsyncRwLock<T> open() {
        if (closed) {
            throw MappedGuard.closed(this);
        }
        return lock;
    }

    /** {@return {@code next}}, which takes the place of this one. */
    final <G> G giveWayTo(G next) {
        closed = true;
        return next;
    }

    @Override
    public final T get() {
        return open().value;
    }

    @Override
    public final <R extends @Nullable Object> Guard<R> map(Function<? super T, ? extends R> part) {
        R mine = part.apply(get());
        return giveWayTo(new MappedGuard<>(again(open()), mine)); // open still: the part is the program's
    }

    final RwGuard<T> ownedBySomebody() {
        return giveWayTo(unknown(open()));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release(lock.core);
        }
    }

    @Override
    public final String toString() {
        return "a guard of " + lock;
    }
}
