// Between two awaits nobody else runs, on one thread. *At* an await others do, and what was read
// before it may be old by then. What must stay together across an await takes a lock that is made
// for it: AsyncMutex owns what it guards, and `try (var held = await(mutex.lock()))` gives the only
// way to it: held.get(), held.set(…).
//
// Never pay out more than there is.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.sync.AsyncMutex;

AsyncMutex<Integer> balance = AsyncMutex.of(10);

Future<Boolean> withdraw(int amount) {
    return async(() -> {
        try (var held = await(balance.lock())) {
            int before = held.get();
            await(yieldNow()); // asks somebody
            if (before < amount) {
                return false;
            }
            held.set(before - amount);
            return true;
        }
    });
}

void main() throws Exception {
    var paid = Latent.blockOn(join(withdraw(7), withdraw(8)));
    assert !(paid.first() && paid.second()) : "paid 7 and 8, of 10";
    assert paid.first() || paid.second() : "paid nothing";
}
