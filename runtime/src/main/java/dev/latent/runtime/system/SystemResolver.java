package dev.latent.runtime.system;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.io.Resolver;
import java.net.InetAddress;
import java.util.List;

/** The system's resolver, which blocks: it is asked on the {@link dev.latent.world.BlockingPool} of whoever polls. */
public enum SystemResolver implements Resolver {
    INSTANCE;

    @Override
    public Future<List<InetAddress>> resolve(String host) {
        return Async.spawnBlocking(() -> List.of(InetAddress.getAllByName(host)));
    }
}
