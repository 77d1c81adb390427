package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link WebServer#drain}. */
final class Drain extends OwnedFuture<Void> {
    private final WebServer server;
    private final Duration bound;
    private boolean started;
    private @Nullable Future<Void> deadline;

    Drain(WebServer server, Duration bound) {
        this.server = server;
        this.bound = bound;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        if (!started) {
            started = true;
            server.startDraining();
            if (bound.isPositive()) {
                Timers timers = cx.capability(Timers.class);
                deadline = timers.sleepUntil(cx.capability(Clock.class).nanoTime() + bound.toNanos());
                Owners.claim(deadline, this);
            } else {
                server.cancelAll();
            }
        }
        if (deadline != null && Owners.poll(deadline, this, cx).isReady()) {
            deadline = null;
            server.cancelAll();
        }
        if (!server.hasAtMost(0, cx.waker())) {
            return Poll.pending();
        }
        dropOwned();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        if (deadline != null) {
            Owners.drop(deadline, this);
            deadline = null;
        }
    }

    @Override
    public String toString() {
        return "drain of " + server;
    }
}
