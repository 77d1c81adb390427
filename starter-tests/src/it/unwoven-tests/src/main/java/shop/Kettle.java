package shop;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import java.time.Duration;

public class Kettle {
    public Future<String> boil(int litres) {
        return async(() -> {
            await(sleep(Duration.ofMinutes(4).multipliedBy(litres)));
            return litres + " l";
        });
    }
}
