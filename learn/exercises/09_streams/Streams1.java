// A stream is values that come over time. Like a future it does nothing by itself: operators make
// streams, and it runs only when something at its end asks, such as toList(), count() or
// forEach(…), and that is a future, to be awaited.
//
// Store every paid order.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import java.util.ArrayList;
import java.util.List;

record Order(String item, boolean paid) {}

List<String> stored = new ArrayList<>();

AsyncStream<Order> orders() {
    return AsyncStream.of(new Order("tea", true), new Order("rice", false), new Order("salt", true));
}

Future<Void> storePaid() {
    return async(() -> {
        orders().filter(Order::paid).map(order -> stored.add(order.item()));
        await(yieldNow());
    });
}

void main() throws Exception {
    Latent.blockOn(storePaid());
    assert stored.equals(List.of("tea", "salt")) : "stored: " + stored;
}
