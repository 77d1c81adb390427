// Two types are called Future. The JDK's is for threads, and another thing; Latent's is
// dev.latent.Future, and has to be imported by its name.
//
// Put the import right.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;

Future<Integer> answer() {
    return async(() -> {
        await(yieldNow());
        return 42;
    });
}

void main() throws Exception {
    int answer = Latent.blockOn(answer());
    assert answer == 42 : "the answer is " + answer;
}
