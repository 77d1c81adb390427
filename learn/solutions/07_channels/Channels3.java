// Who sends faster than others receive fills the memory, if the channel takes anything. A bounded
// channel pushes back: `send` waits while so many are on the way.
//
// Let at most 4 be on the way.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

int onTheWay;
int most;

Future<Void> read(Channel<Integer> rows) {
    return async(() -> {
        for (int n = 1; n <= 1_000; n++) {
            await(rows.send(n));
            most = Math.max(most, ++onTheWay);
        }
        rows.close();
    });
}

Future<Integer> store() {
    return async(() -> {
        var rows = Channel.<Integer>bounded(4);
        int stored = 0;
        try (var _ = spawn(read(rows)); var inbox = rows.receiver()) {
            while (await(inbox.next()) instanceof Item(_)) {
                onTheWay--;
                await(sleep(ofMillis(10))); // the database is slower than the file
                stored++;
            }
        }
        return stored;
    });
}

void main() throws Exception {
    int stored = Latent.blockOn(store(), Latent.system().with(Clock.class, new VirtualClock()));
    assert stored == 1_000 : stored;
    assert most <= 4 : "at one time " + most + " rows were on the way";
}
