// `await` suspends the body around it, so there has to be one: await stands in async(() -> …), and
// nowhere else. The method then returns a future.
//
// Make `greeting` such a method.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;

Future<String> name() {
    return async(() -> {
        await(yieldNow());
        return "Ada";
    });
}

String greeting() throws Exception {
    return "Hello, " + await(name());
}

void main() throws Exception {
    String greeting = greeting();
    assert greeting.equals("Hello, Ada") : greeting;
}
