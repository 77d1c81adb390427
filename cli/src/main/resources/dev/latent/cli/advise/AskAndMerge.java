import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;

import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.runtime.Latent;
import java.time.Duration;
import java.util.List;

// All are asked at once, each with its own deadline; what is late or fails is missing, and the rest is there.
Future<String> ask(String database, int millis) {
    return async(() -> {
        await(sleep(Duration.ofMillis(millis))); // your query
        return "rows of " + database;
    });
}

Future<Outcome<String>> inTime(Future<String> answer) {
    return settle(timeout(Duration.ofMillis(100), answer));
}

void main() throws Exception {
    var questions = List.of(
            inTime(ask("orders", 20)),
            inTime(ask("customers", 30)),
            inTime(ask("stock", 10)),
            inTime(ask("prices", 5)),
            inTime(ask("history", 5_000)));
    for (Outcome<String> answer : Latent.blockOn(join(questions))) {
        IO.println(answer);
    }
}
