import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.sync.AsyncSemaphore;
import java.time.Duration;

// Waiting is the tasks' business; computing goes to a pool of as many threads as cores, and a bound stands before it.
final AsyncSemaphore bound = AsyncSemaphore.of(2 * Runtime.getRuntime().availableProcessors());

static long work(int id) {
    long sum = 0;
    for (int i = 0; i < 1_000_000; i++) { // your computing
        sum += i ^ id;
    }
    return sum;
}

Future<Void> piece(int id) {
    return async(() -> {
        await(sleep(Duration.ofMillis(20))); // your wait
        try (var _ = await(bound.acquire())) {
            IO.println(id + ": " + await(compute(() -> work(id))));
        }
    });
}

void main() throws Exception {
    Latent.blockOn(scopeDo(scope -> {
        for (int id = 1; id <= 20; id++) {
            scope.spawn(piece(id));
        }
    }));
}
