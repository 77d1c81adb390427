package shop;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.runtime.Latent;

public final class StockTest {
    private StockTest() {}

    public static void main(String[] args) throws Exception {
        System.out.println("in all: " + Latent.blockOn(async(() -> await(Stock.of("tea")) + await(Stock.of("coffee")))));
    }
}
