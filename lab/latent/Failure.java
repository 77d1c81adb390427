import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.time.Duration;

Future<String> handle() {
    return async(() -> await(load("order 7")));
}

Future<String> load(String name) {
    return async(() -> await(query(name)));
}

Future<String> query(String name) {
    return async(() -> await(connection(name)));
}

Future<String> connection(String name) {
    return async(() -> {
        await(sleep(Duration.ofMillis(1)));
        throw new IllegalStateException("no connection for " + name);
    });
}

void main() throws Exception {
    IO.println(Latent.blockOn(handle()));
}
