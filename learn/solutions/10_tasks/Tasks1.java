// A JoinSet owns tasks, and `next()` gives what they became in the order in which they end. Closing
// it cancels the rest, and waits for their cleanup.
//
// Take the two quickest mirrors: spawn all of them, then ask the set.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.JoinSet;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.List;

Future<String> mirror(String name, int seconds) {
    return async(() -> {
        await(sleep(ofSeconds(seconds)));
        return name;
    });
}

Future<List<String>> twoQuickest() {
    return async(() -> {
        List<String> quickest = new ArrayList<>();
        try (var mirrors = JoinSet.<String>in(context().spawner())) {
            mirrors.spawn(mirror("far", 9));
            mirrors.spawn(mirror("near", 1));
            mirrors.spawn(mirror("middle", 3));
            while (quickest.size() < 2 && await(mirrors.next()) instanceof Item(var name)) {
                quickest.add(name);
            }
        }
        return quickest;
    });
}

void main() throws Exception {
    var clock = new VirtualClock();
    var quickest = Latent.blockOn(twoQuickest(), Latent.system().with(Clock.class, clock));
    assert quickest.equals(List.of("near", "middle")) : "the quickest are not " + quickest;
    assert clock.nanoTime() == 3_000_000_000L : clock;
}
