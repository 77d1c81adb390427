import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.time.Duration;

// A task for each wait, owned by a scope: when the scope is left, or dropped, all of them are.
Future<Void> piece(int id) {
    return async(() -> {
        await(timeout(Duration.ofSeconds(2), sleep(Duration.ofMillis(20)))); // your wait: a TcpStream, an HTTP call
        if (id % 2_000 == 0) {
            IO.println(id + " done");
        }
    });
}

void main() throws Exception {
    Latent.blockOn(scopeDo(scope -> {
        for (int id = 1; id <= 10_000; id++) {
            scope.spawn(piece(id));
        }
    }));
}
