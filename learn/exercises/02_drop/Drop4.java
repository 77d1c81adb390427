// `spawn` makes a future a task, which runs beside this one. The handle owns the task: the end of a
// try block around the handle cancels the task, and waits for its cleanup. Who lets the handle go
// leaves the task running.
//
// Let the ticker end with `work`.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

boolean ticking;

Future<Void> ticker() {
    return async(() -> {
        ticking = true;
        try {
            while (true) {
                await(sleep(ofSeconds(1)));
            }
        } finally {
            await(yieldNow()); // says goodbye to somebody
            ticking = false;
        }
    });
}

Future<Void> work() {
    return async(() -> {
        spawn(ticker());
        await(sleep(ofSeconds(10)));
    });
}

Future<Boolean> stillTicking() {
    return async(() -> {
        await(work());
        return ticking;
    });
}

void main() throws Exception {
    boolean still = Latent.blockOn(stillTicking(), Latent.system().with(Clock.class, new VirtualClock()));
    assert !still : "the work has ended, and its ticker ticks on";
}
