// A hundred tasks cost nothing, but what they all ask at once may not like it. A semaphore lets so
// many in, and the others wait in their order: `try (var _ = await(few.acquire()))`.
//
// At most 3 at once.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

AsyncSemaphore few = AsyncSemaphore.of(3);
int now;
int most;

Future<Void> fetch(int page) {
    return async(() -> {
        try (var _ = await(few.acquire())) {
            most = Math.max(most, ++now);
            await(sleep(ofMillis(page)));
            now--;
        }
    });
}

void main() throws Exception {
    Latent.blockOn(
            scopeDo(tasks -> {
                for (int page = 1; page <= 100; page++) {
                    tasks.spawn(fetch(page));
                }
            }),
            Latent.system().with(Clock.class, new VirtualClock()));
    assert now == 0 : now;
    assert most <= 3 : most + " were asked at once";
}
