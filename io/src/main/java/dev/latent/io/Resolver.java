package dev.latent.io;

import dev.latent.Future;
import java.net.InetAddress;
import java.util.List;

/** A capability: what host names mean. The system's own asks its resolver, which blocks, on the {@link dev.latent.world.BlockingPool}. */
public interface Resolver {
    /**
     * {@return a future of the addresses of {@code host}, at least one, the preferred one first}
     *
     * <p>Fails with {@link java.net.UnknownHostException}.
     *
     * <p><em>Cancel safety:</em> nothing is lost; what the system is asked already it goes on to find out.
     */
    Future<List<InetAddress>> resolve(String host);
}
