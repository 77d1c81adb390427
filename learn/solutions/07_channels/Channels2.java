// Where senders come and go, each task gets one of its own by newSender(). They are counted: as the
// last one closes, the channel ends. So a task that sends has to close its sender, however it ends.
//
// Let each shop own its sender.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.List;

Future<Integer> orders(List<String> shops) {
    return async(() -> {
        var orders = Channel.<String>bounded(8);
        for (String shop : shops) {
            var tx = orders.newSender();
            spawn(async(() -> {
                        try (tx) {
                            await(tx.send("an order of " + shop));
                        }
                    }))
                    .detach();
        }
        int count = 0;
        try (var inbox = orders.receiver()) {
            while (await(inbox.next()) instanceof Item(var order)) {
                IO.println(order);
                count++;
            }
        }
        return count;
    });
}

void main() throws Exception {
    int count = Latent.blockOn(
            orders(List.of("tea", "rice", "salt")), Latent.system().with(Clock.class, new VirtualClock()));
    assert count == 3 : count;
}
