// A detached task belongs to nobody: who started it may end first, and then counts too little, or
// stops too early. A scope owns its children: `await(scopeDo(tasks -> { tasks.spawn(…); }))` goes
// on when all of them have ended.
//
// Let `packAll` wait for its packers.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

int packed;

Future<Void> pack(int order) {
    return async(() -> {
        await(sleep(ofMinutes(order)));
        packed++;
    });
}

Future<Integer> packAll() {
    return async(() -> {
        for (int order = 1; order <= 5; order++) {
            spawn(pack(order)).detach();
        }
        await(yieldNow());
        return packed;
    });
}

void main() throws Exception {
    int count = Latent.blockOn(packAll(), Latent.system().with(Clock.class, new VirtualClock()));
    assert count == 5 : "packed when packAll had ended: " + count + " of 5";
}
