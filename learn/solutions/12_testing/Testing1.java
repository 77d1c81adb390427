// An order of events that comes once in a hundred runs is found by trying a hundred, each from a
// seed, which says what chance there is: which task comes next, how long things take. The same seed
// is the same run again. (In a JUnit test that is `@AsyncTest(seeds = 100)` of latent-junit; here
// it is a loop.)
//
// This shop has one teapot and sometimes sells two. Take it from the shelf before you wait for the
// payment.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class Shop {
    int teapots = 1;

    Future<Boolean> buy(Future<Void> payment) {
        return async(() -> {
            if (teapots == 0) {
                return false;
            }
            teapots--;
            boolean paid = false;
            try {
                await(payment);
                paid = true;
            } finally {
                if (!paid) {
                    teapots++; // it failed, or the customer has left
                }
            }
            return true;
        });
    }
}

Future<Void> aMoment() {
    return async(() -> await(sleep(ofMillis(context().capability(RandomGenerator.class).nextInt(100)))));
}

Future<Boolean> customer(Shop shop) {
    return async(() -> {
        await(aMoment());
        return await(shop.buy(aMoment()));
    });
}

void main() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
        var random = new SplittableRandom(seed);
        var clock = new VirtualClock();
        try (var executor = LocalExecutor.builder()
                .world(Latent.system().with(Clock.class, clock).with(RandomGenerator.class, random))
                .idle(clock::skipTo)
                .order(random::nextInt)
                .build()) {
            var shop = new Shop();
            var sold = executor.blockOn(join(customer(shop), customer(shop)));
            assert sold.first() ^ sold.second() : "from seed " + seed + " both have bought the one teapot";
        }
    }
}
