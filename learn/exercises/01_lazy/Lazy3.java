// In an async body, `await` is what polls another future, and returns its value. A call whose
// future nobody awaits does nothing: the order below is never saved.
//
// Save it.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.util.ArrayList;
import java.util.List;

List<String> saved = new ArrayList<>();

Future<Void> save(String order) {
    return async(() -> {
        await(yieldNow());
        saved.add(order);
    });
}

Future<String> checkout(String order) {
    return async(() -> {
        save(order);
        await(yieldNow());
        return "thank you";
    });
}

void main() throws Exception {
    String said = Latent.blockOn(checkout("tea"));
    assert said.equals("thank you") : said;
    assert saved.equals(List.of("tea")) : "saved are " + saved;
}
