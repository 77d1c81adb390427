// A lambda may await if its type is one of Latent's closures: AsyncCallable for one that returns a
// value, where the JDK has Callable. Each async(body) is then a new future of it.
//
// Let `retry` take a body that awaits.

import static dev.latent.Async.*;

import dev.latent.AsyncCallable;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.util.concurrent.Callable;

int asked;

Future<String> ask() {
    return async(() -> {
        await(yieldNow());
        if (++asked < 3) {
            throw new IOException("no answer");
        }
        return "42";
    });
}

<R> Future<R> retry(int times, Callable<R> body) {
    return async(() -> {
        for (int i = 1; ; i++) {
            try {
                await(yieldNow());
                return body.call();
            } catch (IOException e) {
                if (i == times) {
                    throw e;
                }
            }
        }
    });
}

void main() throws Exception {
    String answer = Latent.blockOn(retry(3, () -> "the answer is " + await(ask())));
    assert answer.equals("the answer is 42") : answer;
}
