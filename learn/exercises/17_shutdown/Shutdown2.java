// What a service spawns by `stop.spawn(name, future)` is waited for, for the time that `within`
// gives; what takes longer is dropped, cleanup included, and named in the report. What is spawned
// and detached knows nothing of the end, and is cut off.
//
// Let the service own its clients.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.List;

List<String> served = new ArrayList<>();

Future<Void> client(String name, int seconds) {
    return async(() -> {
        await(sleep(ofSeconds(seconds)));
        served.add(name);
    });
}

void main() throws Exception {
    var report = Latent.blockOn(
            Shutdown.on().within(ofSeconds(10)).run(stop -> {
                spawn(client("ann", 5)).detach();
                spawn(client("bob", 3_600)).detach();
                await(yieldNow());
                stop.ask("SIGTERM");
            }),
            Latent.system().with(Clock.class, new VirtualClock()));
    assert served.equals(List.of("ann")) : "ann needs five seconds of the ten, and served are " + served;
    assert report.dropped().equals(List.of("bob")) : report;
}
