// A `sleep` in a loop drifts: each turn takes the pause and the work. An Interval has its ticks at
// fixed times, the first one at once: Interval.every(period) makes one, and
// `await(interval.next())` waits for its next tick.
//
// Measure at every full hour.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.time.Interval;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.List;

VirtualClock clock = new VirtualClock();
List<Long> minutes = new ArrayList<>();

Future<Void> measure() {
    return async(() -> {
        minutes.add(clock.nanoTime() / 60_000_000_000L);
        await(sleep(ofMinutes(5)));
    });
}

Future<Void> station() {
    return async(() -> {
        var hours = Interval.every(ofHours(1));
        for (int i = 0; i < 4; i++) {
            await(hours.next());
            await(measure());
        }
    });
}

void main() throws Exception {
    Latent.blockOn(station(), Latent.system().with(Clock.class, clock));
    assert minutes.equals(List.of(0L, 60L, 120L, 180L)) : "measured at these minutes: " + minutes;
}
