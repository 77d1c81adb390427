// A scope fails as soon as one of its children does: the others are dropped, cleanup included, and
// then the first failure is thrown. Where one child's failure is to be nobody else's business, it
// is caught in that child.
//
// A crawler that meets one dead link should bring the other pages home.

import static dev.latent.Async.*;
import static java.time.Duration.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

Set<String> home = new TreeSet<>();

Future<String> fetch(String url) {
    return async(() -> {
        await(sleep(ofSeconds(url.length())));
        if (url.equals("dead")) {
            throw new IOException("404");
        }
        return url;
    });
}

Future<Void> visit(String url) {
    return async(() -> {
        try {
            home.add(await(fetch(url)));
        } catch (IOException e) {
            IO.println(url + ": " + e.getMessage());
        }
    });
}

void main() throws Exception {
    Latent.blockOn(
            scopeDo(tasks -> {
                for (String url : List.of("teapots", "tea", "dead", "water")) {
                    tasks.spawn(visit(url));
                }
            }),
            Latent.system().with(Clock.class, new VirtualClock()));
    assert home.equals(Set.of("tea", "teapots", "water")) : "brought home: " + home;
}
