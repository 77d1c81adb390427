// What a guard holds is held until the guard is closed. Java closes nothing by itself, except at
// the end of a try-with-resources.
//
// Let `next` give the lock back.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.sync.AsyncMutex;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

AsyncMutex<Integer> count = AsyncMutex.of(0);

Future<Integer> next() {
    return async(() -> {
        try (var guard = await(count.lock())) {
            guard.set(guard.get() + 1);
            return guard.get();
        }
    });
}

void main() throws Exception {
    var both = Latent.blockOn(join(next(), next()), Latent.system().with(Clock.class, new VirtualClock()));
    assert both.first() + both.second() == 3 : both;
}
