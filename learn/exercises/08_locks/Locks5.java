// Two tasks that each hold what the other one waits for wait for ever. The cure is an order:
// whoever needs both locks takes them in the same one, whichever way the money goes.
//
// Give the locks an order.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.sync.AsyncMutex;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

record Account(String name, AsyncMutex<Integer> money) {}

Future<Void> pay(Account from, Account to, int amount) {
    return async(() -> {
        var first = from;
        var second = to;
        try (var one = await(first.money().lock())) {
            await(yieldNow());
            try (var two = await(second.money().lock())) {
                var giver = first == from ? one : two;
                var taker = first == from ? two : one;
                giver.set(giver.get() - amount);
                taker.set(taker.get() + amount);
            }
        }
    });
}

void main() throws Exception {
    var ann = new Account("ann", AsyncMutex.named("ann", 10));
    var bob = new Account("bob", AsyncMutex.named("bob", 10));
    Latent.blockOn(
            scopeDo(tasks -> {
                tasks.spawn(named("ann pays", pay(ann, bob, 3)));
                tasks.spawn(named("bob pays", pay(bob, ann, 1)));
            }),
            Latent.system().with(Clock.class, new VirtualClock()));
    try (var left = Latent.blockOn(ann.money().lock())) {
        assert left.get() == 8 : "ann has " + left.get();
    }
}
