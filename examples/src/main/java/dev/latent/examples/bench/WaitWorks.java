package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static dev.latent.examples.bench.Works.BATCH;

import dev.latent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Futures of other futures, within one task. */
final class WaitWorks {
    private static final int JOINED = 10_000;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private WaitWorks() {}

    /** One operation is one of the joined futures. */
    static Future<Long> joining(long deadline) {
        return async(() -> {
            long operations = 0;
            while (System.nanoTime() < deadline) {
                List<Future<Void>> all = new ArrayList<>(JOINED);
                for (int i = 0; i < JOINED; i++) {
                    all.add(yieldNow());
                }
                operations += await(join(all)).size();
            }
            return operations;
        });
    }

    static Future<Long> limited(long deadline) {
        return async(() -> {
            long operations = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < BATCH; i++) {
                    await(timeout(LIMIT, yieldNow()));
                }
                operations += BATCH;
            }
            return operations;
        });
    }
}
