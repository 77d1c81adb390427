// Of several futures `race` gives whichever ends first, its failure, too. `selectOk` gives the
// first that succeeds. The others are dropped before you are told.
//
// One of the mirrors has the file.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.io.IOException;
import java.util.List;

int under = 0;

Future<String> fetch(String mirror, int seconds) {
    return async(() -> {
        under++;
        try {
            await(sleep(ofSeconds(seconds)));
            if (mirror.equals("broken")) {
                throw new IOException("the broken mirror");
            }
            return mirror;
        } finally {
            under--;
        }
    });
}

Future<String> file() {
    return race(List.of(fetch("broken", 1), fetch("near", 2), fetch("far", 60)));
}

void main() throws Exception {
    String from = Latent.blockOn(file(), Latent.system().with(Clock.class, new VirtualClock()));
    assert from.equals("near") : from;
    assert under == 0 : under + " still under way";
}
