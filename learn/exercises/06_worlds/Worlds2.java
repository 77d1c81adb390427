// A world takes objects of any interface, also one of yours: world.with(Prices.class, …). What a
// body asks for and its world does not have is a MissingCapabilityException that names it.
//
// Give this world prices: tea costs 3.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;

interface Prices {
    int of(String item);
}

Future<Integer> total(String item, int count) {
    return async(() -> {
        await(yieldNow());
        return count * context().capability(Prices.class).of(item);
    });
}

void main() throws Exception {
    var world = Latent.system();
    int total = Latent.blockOn(total("tea", 4), world);
    assert total == 12 : total;
}
