package shop;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;

public final class Stock {
    private Stock() {}

    public static Future<Integer> of(String name) {
        return async(() -> {
            try {
                await(yieldNow());
                return name.length();
            } finally {
                await(yieldNow());
                System.out.println("counted " + name);
            }
        });
    }
}
