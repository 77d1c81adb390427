// `mapAsync` runs its body on one value after the other, `mapConcurrent(n, …)` on up to n at the
// same time, and gives the results in order.
//
// Look at two pictures at a time.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.List;

void main() throws Exception {
    var clock = new VirtualClock();
    var seen = Latent.blockOn(
            AsyncStream.of(40, 10, 30, 20)
                    .mapConcurrent(2, millis -> {
                        await(sleep(ofMillis(millis)));
                        return millis;
                    })
                    .toList(),
            Latent.system().with(Clock.class, clock));
    assert seen.equals(List.of(40, 10, 30, 20)) : seen;
    long millis = clock.nanoTime() / 1_000_000;
    assert millis <= 70 : "two at a time take 70 ms, and not " + millis;
}
