package dev.latent.sync;

import dev.latent.Releasable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * That its holder may use what a lock guards, until it closes this: in a try-with-resources, across any awaits. It may be handed to another
 * task, and belongs to one at a time.
 *
 * @param <T> what is guarded
 */
public interface Guard<T extends @Nullable Object> extends Releasable {
    /**
     * {@return what the lock guards} Not to be used after the close.
     *
     * @throws IllegalStateException when this was closed, or gave way to another guard
     */
    T get();

    /**
     * {@return a guard of a part of what this guards, or of what is made of it} It takes the place of this one, whose close does nothing
     * from then on. When {@code part} throws, nothing has changed.
     *
     * @throws IllegalStateException when this was closed
     */
    <R extends @Nullable Object> Guard<R> map(Function<? super T, ? extends R> part);

    /**
     * {@return a guard of the same that takes the place of this one, and whose holder is nobody's business} To be used where a guard is
     * handed to another task: when tasks wait for each other, the one that took the lock is not named for it any more.
     *
     * @throws IllegalStateException when this was closed
     */
    Guard<T> owned();
}
