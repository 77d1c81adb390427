import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.channel.Watch;
import dev.latent.runtime.Latent;

// A loop with a deadline on a thread of its own. Those who look on are tasks; the latest state stands between.
static final long FRAME = 16_666_667; // ns: 60 a second

void loop(Watch<Integer> state) throws InterruptedException {
    long next = System.nanoTime();
    for (int frame = 1; frame <= 60; frame++) {
        state.set(frame); // your step; it waits for nobody who looks on
        next += FRAME;
        long rest = next - System.nanoTime();
        if (rest > 0) {
            Thread.sleep(rest / 1_000_000, (int) (rest % 1_000_000));
        }
    }
}

Future<Integer> viewer(Watch<Integer> state) {
    return async(() -> await(state.until(frame -> frame >= 60))); // or changes(): who is slow misses some
}

void main() throws Exception {
    var state = Watch.of(0);
    var physics = Thread.ofPlatform().name("physics").start(() -> {
        try {
            loop(state);
        } catch (InterruptedException e) {
            // asked to stop
        }
    });
    IO.println("seen frame " + Latent.blockOn(viewer(state)));
    physics.join();
}
