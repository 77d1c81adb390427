// Who polls a future owns it, and a drop of the owner has to drop it: that is how a timeout at the
// top reaches the socket at the bottom.
//
// Let the drop go through.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.concurrent.TimeoutException;

boolean cleanedUp;

class Counted<T> implements Future<T> {
    private final Future<T> inner;
    private int polls;

    Counted(Future<T> inner) {
        this.inner = inner;
    }

    @Override
    public Poll<T> poll(Context cx) throws Exception {
        polls++;
        return inner.poll(cx);
    }

    @Override
    public void drop() {
        inner.drop();
    }

    @Override
    public Poll<Void> pollDrop(Context cx) {
        return inner.pollDrop(cx); // so that the owner waits for a cleanup that awaits
    }
}

Future<Void> work() {
    return async(() -> {
        try {
            await(sleep(ofHours(1)));
        } finally {
            await(yieldNow());
            cleanedUp = true;
        }
    });
}

void main() throws Exception {
    try {
        Latent.blockOn(
                timeout(ofMinutes(1), new Counted<>(work())), Latent.system().with(Clock.class, new VirtualClock()));
    } catch (TimeoutException e) {
        assert cleanedUp : "the timeout was thrown before the cleanup had ended: who drops the work, and waits for it?";
    }
}
