// Whoever takes a future owns it: `await`, `join`, `timeout` and others use it up. Nobody may have
// it twice. To do something again, make a new future of it.
//
// Let `loadPatiently` try twice.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.concurrent.TimeoutException;

int loads;

Future<String> load() {
    return async(() -> {
        await(sleep(ofSeconds(++loads == 1 ? 60 : 1))); // slow, the first time
        return "page";
    });
}

Future<String> loadPatiently() {
    return async(() -> {
        var page = load();
        for (int i = 0; i < 2; i++) {
            try {
                return await(timeout(ofSeconds(5), page));
            } catch (TimeoutException e) {
                IO.println("again");
            }
        }
        return "nothing";
    });
}

void main() throws Exception {
    String page = Latent.blockOn(loadPatiently(), Latent.system().with(Clock.class, new VirtualClock()));
    assert page.equals("page") : page;
    assert loads == 2 : loads + " loads";
}
