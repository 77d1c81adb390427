// A future does nothing until it is polled. A call of `greet` runs no line of its body: it makes a
// future, and whoever polls that runs the body. Where a program begins, Latent.blockOn(future)
// polls one to its end, on this thread, and returns its value.
//
// Let `greeting` be the future's value.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;

int runs;

Future<String> greet(String name) {
    return async(() -> {
        runs++;
        await(yieldNow());
        return "Hello, " + name;
    });
}

void main() throws Exception {
    var future = greet("Ada");
    assert runs == 0 : "a call runs nothing of the body";
    String greeting = future.toString();
    assert greeting.equals("Hello, Ada") : "nobody has polled it, so there is no greeting yet: " + greeting;
    assert runs == 1 : "the body has run " + runs + " times";
}
