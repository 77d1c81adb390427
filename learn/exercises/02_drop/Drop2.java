// No `catch` sees a drop, so none can swallow it. What is to be undone after a failure *and* after
// a drop is undone in a `finally`, which has to know how far things went.
//
// Roll back whenever the transaction was not committed.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

List<String> log = new ArrayList<>();

Future<Void> transfer(int seconds) {
    return async(() -> {
        log.add("begin");
        try {
            await(sleep(ofSeconds(seconds)));
            log.add("commit");
        } catch (Exception e) {
            log.add("roll back");
            throw e;
        }
    });
}

void main() throws Exception {
    var world = Latent.system().with(Clock.class, new VirtualClock());
    Latent.blockOn(timeout(ofSeconds(10), transfer(1)), world);
    try {
        Latent.blockOn(timeout(ofSeconds(10), transfer(60)), world);
    } catch (TimeoutException e) {
        log.add("too late");
    }
    // The cleanup has ended before the timeout is told.
    assert log.equals(List.of("begin", "commit", "begin", "roll back", "too late")) : "it went: " + log;
}
