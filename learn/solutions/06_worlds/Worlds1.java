// What comes from outside comes by the executor's world, the time of day, too:
// context().capability(Clock.class) is the clock of whoever runs this body. So a test may bring
// another one.
//
// Ask that clock, not the machine's.

import static dev.latent.Async.*;
import static java.time.Duration.ofDays;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.time.Instant;

Future<Instant> expiry() {
    return async(() -> {
        await(yieldNow());
        return context().capability(Clock.class).instant().plus(ofDays(30));
    });
}

void main() throws Exception {
    var clock = new VirtualClock(Instant.parse("2030-01-01T00:00:00Z"));
    Instant expiry = Latent.blockOn(expiry(), Latent.system().with(Clock.class, clock));
    assert expiry.equals(Instant.parse("2030-01-31T00:00:00Z")) : "in this world it is 2030, and yet: " + expiry;
}
