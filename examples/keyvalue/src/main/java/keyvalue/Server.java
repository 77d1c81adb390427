package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.io.Addresses;
import dev.latent.io.Duplex;
import dev.latent.io.Shutdown;
import dev.latent.io.TcpListener;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.world.Clock;
import java.time.Duration;

/** The server, on any executor; its clients are tasks that a {@link Shutdown} knows by name. */
final class Server {
    private static final Duration SWEEP = Duration.ofSeconds(1);

    final Limits limits;
    final Store store = new Store();
    final Topics topics = new Topics();
    private final AsyncSemaphore places;

    Server(Limits limits) {
        this.limits = limits;
        this.places = AsyncSemaphore.of(limits.clients());
    }

    /** Accepts until it is asked to stop. */
    Future<Void> serve(TcpListener listener, Shutdown stop) {
        return async(() -> {
            stop.spawn("the sweeper", sweep(stop));
            while (await(stop.untilAsked(places.acquire())) instanceof First(var place)) {
                if (!(await(stop.untilAsked(listener.accept())) instanceof First(var client))) {
                    place.close();
                    return;
                }
                stop.spawn("client " + Addresses.text(client.remoteAddress()), async(() -> {
                    try (place) {
                        await(session(client, stop));
                    }
                }));
            }
        });
    }

    /** One client, over whatever carries bytes. */
    Future<Void> session(Duplex connection, Shutdown stop) {
        return new Session(this, connection).run(stop);
    }

    private Future<Void> sweep(Shutdown stop) {
        return async(() -> {
            while (await(stop.untilAsked(sleep(SWEEP))) instanceof First) {
                store.sweep(context().capability(Clock.class).nanoTime());
            }
        });
    }
}
