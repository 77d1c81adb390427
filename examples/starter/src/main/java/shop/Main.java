package shop;

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.time.Duration;

class Main {
    static Future<Integer> stock(String what) {
        return async(() -> {
            await(sleep(Duration.ofMillis(100)));
            return what.length();
        });
    }

    public static void main(String[] args) throws Exception {
        var both = Latent.blockOn(join(stock("tea"), stock("coffee")));
        System.out.println("tea: " + both.first() + ", coffee: " + both.second());
    }
}
