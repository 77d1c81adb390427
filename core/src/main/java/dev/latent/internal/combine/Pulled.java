package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a {@link dev.latent.Source} that gets on when it is asked: {@link NextFuture} and {@link CloseFuture} are its outside.
 *
 * @param <T> the values
 */
public interface Pulled<T> {
    /** {@return the next value, {@link NextFuture#END}, or {@link dev.latent.Owners#PENDING}} Behind the end comes the end. */
    @Nullable
    Object pull(Context cx) throws Exception;

    /** {@return the number of the value that was given last}, by which it may come back. */
    long number();

    /**
     * Takes a value back, which nobody received: it comes before all that were not given yet, and behind those that were given before it. If all is closed, it is let go.
     */
    void putBack(T value, long number);

    /** {@return who has asked, and waits} */
    @Nullable
    NextFuture<T> asker();

    /** Notes who asks; null: nobody. */
    void asker(@Nullable NextFuture<T> asker);

    /** {@return whether all cleanup has ended} Drops what is held. Called until then, and harmless after. */
    boolean pollClose(Context cx);

    /** As {@link #pollClose}, without waiting. */
    void closeNow();

    /** Adds what is waited for. */
    void children(List<Future<?>> into);
}
