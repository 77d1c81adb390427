// Since a future does nothing until it is awaited, two awaits run one after the other. `join` makes
// one future of two: they run at the same time, on the same task, and its value has both:
// both.first(), both.second().
//
// Load the user and the orders at the same time. (The clock here is a virtual one: it skips what is
// only waited for.)

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

Future<String> findUser(long id) {
    return async(() -> {
        await(sleep(ofMillis(60)));
        return "kim";
    });
}

Future<Integer> countOrders(long id) {
    return async(() -> {
        await(sleep(ofMillis(50)));
        return 3;
    });
}

Future<String> page(long id) {
    return async(() -> {
        var user = await(findUser(id));
        var orders = await(countOrders(id));
        return user + " has " + orders + " orders";
    });
}

void main() throws Exception {
    var clock = new VirtualClock();
    String page = Latent.blockOn(page(7), Latent.system().with(Clock.class, clock));
    assert page.equals("kim has 3 orders") : page;
    long millis = clock.nanoTime() / 1_000_000;
    assert millis == 60 : "it took " + millis + " ms, and the longer of the two takes 60";
}
