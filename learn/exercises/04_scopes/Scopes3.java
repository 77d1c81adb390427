// `select` waits for whichever comes first, and drops the loser. In a loop a loser is made anew in
// the next turn, and begins from its beginning. `try (var pinned = pin(future))` keeps one across
// the turns: the select only borrows it.
//
// The download takes 120 ms, and a tick comes every 50. Let it get to its end.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Second;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

int begun;

Future<String> download() {
    return async(() -> {
        begun++;
        await(sleep(ofMillis(120)));
        return "the file";
    });
}

Future<String> watched() {
    return async(() -> {
        for (int ticks = 0; ticks < 10; ticks++) {
            switch (await(select(download(), sleep(ofMillis(50))))) {
                case First(var file) -> {
                    return file;
                }
                case Second(_) -> IO.println("tick " + ticks);
            }
        }
        return "nothing";
    });
}

void main() throws Exception {
    String got = Latent.blockOn(watched(), Latent.system().with(Clock.class, new VirtualClock()));
    assert got.equals("the file") : "after ten ticks there is " + got + ": the download has begun " + begun + " times";
    assert begun == 1 : "begun " + begun + " times";
}
