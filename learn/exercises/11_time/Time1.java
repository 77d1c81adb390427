// `timeout(limit, future)` drops the future when its time is over, cleanup included, and throws a
// TimeoutException. Where too late is an answer like any other, `withTimeout` has it as a value:
// Timed.InTime(value) or Timed.TooLate.
//
// Show the price without a picture if the picture takes longer than two seconds.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.Timed;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

Future<String> picture(int seconds) {
    return async(() -> {
        await(sleep(ofSeconds(seconds)));
        return " with a picture";
    });
}

Future<String> page(int seconds) {
    return async(() -> {
        String picture = await(picture(seconds));
        return "tea, 3 €" + picture;
    });
}

void main() throws Exception {
    var clock = new VirtualClock();
    var world = Latent.system().with(Clock.class, clock);
    assert Latent.blockOn(page(1), world).equals("tea, 3 € with a picture");
    String late = Latent.blockOn(page(60), world);
    long seconds = clock.nanoTime() / 1_000_000_000 - 1;
    assert seconds == 2 : "the customer waited for " + seconds + " s";
    assert late.equals("tea, 3 €") : late;
}
