// You have met it in many of these exercises: over a VirtualClock time stands while anything is to
// be done, and skips to the next deadline when every task waits. Days take no time, and each run is
// the same.
//
// Build the world in which this backup can be tried now.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

Future<String> backup() {
    return async(() -> {
        await(sleep(ofDays(3)));
        return "backed up";
    });
}

void main() throws Exception {
    var clock = new VirtualClock();
    var world = Latent.system();
    assert world.clock() == clock : "in this world three days are three days";
    String said = Latent.blockOn(timeout(ofDays(7), backup()), world);
    assert said.equals("backed up") : said;
    assert clock.instant().toString().equals("1970-01-04T00:00:00Z") : clock.instant();
}
