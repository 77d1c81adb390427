package dev.latent.sync;

import dev.latent.AsyncCallable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first wanted, and once.
 *
 * {@snippet :
 * final LazyAsync<Config> config = LazyAsync.of(() -> await(load()));
 * … await(config.get()) …
 * }
 *
 * <p>A failure is thrown to who was making it, and the next one tries again.
 *
 * @param <T> the value
 */
public final class LazyAsync<T extends @Nullable Object> {
    private final OnceCell<T> cell = OnceCell.create();
    private final AsyncCallable<? extends T> init;

    private LazyAsync(AsyncCallable<? extends T> init) {
        this.init = init;
    }

    /** {@return a value that {@code init} makes} */
    public static <T extends @Nullable Object> LazyAsync<T> of(AsyncCallable<? extends T> init) {
        return new LazyAsync<>(init);
    }

    /**
     * {@return a future of the value}
     *
     * <p><em>Cancel safety, memory effects:</em> those of {@link OnceCell#getOrInit}.
     *
     * <p><em>Throws</em> what making it throws.
     */
    @NowOr("getNow")
    public Future<T> get() {
        return cell.getOrInit(init);
    }

    /** As {@link #get}, if that were ready at its first poll; see {@link NowOr}. */
    public @Nullable Object getNow(Context cx) {
        return cell.getOrInitNow(init, cx);
    }

    /** {@return the value, if it has been made} */
    public Optional<T> getIfMade() {
        return cell.get();
    }

    @Override
    public String toString() {
        return "LazyAsync in " + cell;
    }
}
