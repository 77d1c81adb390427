// Tasks take turns at their awaits, and a body that computes has none. Where it does so in small
// steps, `await(yieldNow())` now and then lets the others have theirs.
//
// Let the neighbour have a turn at least every thousand steps.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;

int turns;

Future<Void> neighbour() {
    return async(() -> {
        while (true) {
            turns++;
            await(yieldNow());
        }
    });
}

Future<Long> sum(int n) {
    return async(() -> {
        await(yieldNow());
        long sum = 0;
        for (int i = 1; i <= n; i++) {
            sum += i;
        }
        return sum;
    });
}

Future<Long> both() {
    return async(() -> {
        try (var _ = spawn(neighbour())) {
            return await(sum(100_000));
        }
    });
}

void main() throws Exception {
    long sum = Latent.blockOn(both());
    assert sum == 5_000_050_000L : sum;
    assert turns >= 100 : "a hundred thousand steps, and turns of the neighbour: " + turns;
}
