package dev.latent;

/**
 * A resource whose closing may have to wait. In a try-with-resources of an async body the close is woven to
 * {@code await(r.closeAsync())}.
 */
public interface AsyncCloseable extends Releasable {
    /**
     * {@return a future that closes and is ready when all is closed; ready at once when it was closed before}
     *
     * <p><em>Cancel safety:</em> dropped half-way, the resource goes on closing.
     */
    Future<Void> closeAsync();

    /** Asks to be closed, and never waits. Closing twice does nothing. */
    @Override
    void close();
}
