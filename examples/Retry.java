import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.io.IOException;

/** A method that takes an async lambda: ./latent run examples/Retry.java */
<R> Future<R> retry(int times, AsyncCallable<R> body) {
    return async(() -> {
        for (int i = 1; ; i++) {
            try {
                return await(async(body));
            } catch (IOException e) {
                if (i == times) {
                    throw e;
                }
                IO.println("attempt " + i + ": " + e.getMessage());
                await(sleep(ofMillis(10L << i)));
            }
        }
    });
}

int asked;

Future<String> ask() {
    return async(() -> {
        await(sleep(ofMillis(5)));
        if (++asked < 3) {
            throw new IOException("no answer");
        }
        return "42";
    });
}

void main() throws Exception {
    var answer = Latent.blockOn(retry(5, () -> "the answer is " + await(ask())));
    IO.println(answer);
}
