// A drop unwinds a body through its `finally` blocks. One that leaves by `return` would throw the
// drop away, and the body would run on with nobody to receive what it makes. So javac refuses it.
//
// Where asking fails, return `otherwise`.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.io.IOException;

Future<String> ask(boolean works) {
    return async(() -> {
        await(yieldNow());
        if (!works) {
            throw new IOException("no answer");
        }
        return "tea";
    });
}

Future<String> askOr(boolean works, String otherwise) {
    return async(() -> {
        try {
            return await(ask(works));
        } catch (IOException e) {
            return otherwise;
        }
    });
}

void main() throws Exception {
    String first = Latent.blockOn(askOr(true, "water"));
    assert first.equals("tea") : "the first is " + first;
    String second = Latent.blockOn(askOr(false, "water"));
    assert second.equals("water") : "the second is " + second;
}
