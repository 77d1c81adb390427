// A future that is dropped never runs again, not even the line after its await. Here `timeout`
// drops it after a minute. What has to happen in any case stands in a `finally`: dropping runs it.
//
// Close the connection, however `use` ends.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.concurrent.TimeoutException;

int open;

Future<Void> use() {
    return async(() -> {
        open++;
        try {
            await(sleep(ofHours(1)));
        } finally {
            open--;
        }
    });
}

void main() throws Exception {
    try {
        Latent.blockOn(timeout(ofMinutes(1), use()), Latent.system().with(Clock.class, new VirtualClock()));
    } catch (TimeoutException e) {
        IO.println("too late");
    }
    assert open == 0 : "connections left open: " + open;
}
