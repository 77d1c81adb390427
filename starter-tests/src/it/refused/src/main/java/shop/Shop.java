package shop;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;

public final class Shop {
    private Shop() {}

    public static Future<String> sell(Future<String> order) {
        return async(() -> {
            synchronized (order) {
                return await(order);
            }
        });
    }
}
