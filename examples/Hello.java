import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.runtime.Latent;

/** Two greetings at the same time, on one thread: ./latent run examples/Hello.java [NAME]… */
Future<String> greet(String name) {
    return async(() -> {
        await(sleep(ofMillis(100)));
        return "Hello, " + name + "!";
    });
}

void main(String[] names) throws Exception {
    var first = greet(names.length > 0 ? names[0] : "Latent"); // nothing runs yet
    var second = greet(names.length > 1 ? names[1] : "world");

    var both = Latent.blockOn(join(first, second)); // now both run: 100 ms, not 200

    IO.println(both.first());
    IO.println(both.second());
}
