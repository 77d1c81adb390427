// What fails now may work in a moment. Retry runs a body again, with pauses that grow, for the
// exceptions that you name: Retry.exponential(ofMillis(100)).times(5).on(IOException.class).run(()
// -> await(…)).
//
// Ask up to five times.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.resilience.Retry;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.io.IOException;

int asked;

Future<String> ask() {
    return async(() -> {
        await(sleep(ofMillis(20)));
        if (++asked < 3) {
            throw new IOException("no answer");
        }
        return "42";
    });
}

Future<String> insist() {
    return ask();
}

void main() throws Exception {
    var clock = new VirtualClock();
    String answer = Latent.blockOn(insist(), Latent.system().with(Clock.class, clock));
    assert answer.equals("42") : answer;
    assert clock.nanoTime() == 360_000_000L : "three asks of 20 ms, pauses of 100 and 200: not " + clock;
}
