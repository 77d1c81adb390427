package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * A future that many may await, made by {@link Futures#shared}. Keep it as this type: of a plain {@link Future} the compiler takes it
 * that it has one owner.
 */
public interface Shared<T extends @Nullable Object> extends Future<T> {
    /**
     * {@return a future of its own for one awaiter}
     *
     * <p>Whoever awaits, joins or selects this, needs none. A hand-written future that polls and drops what it holds by itself does: two
     * such could not be told apart, so it is refused this, and holds one of these. It counts as an awaiter from the moment that it is made.
     *
     * <p><em>Cancel safety:</em> as of {@link Futures#shared}.
     */
    Future<T> awaiter();
}
