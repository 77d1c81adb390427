// A loop by hand reads a stream by `next()`. If it leaves before the end, somebody has to tell the
// stream that nobody will ask any more, so that its generator can clean up: a stream is a resource
// of a try.
//
// Close it.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;

boolean connected;

AsyncStream<Integer> numbers() {
    return AsyncStream.generate(out -> {
        connected = true;
        try {
            for (int n = 1; ; n++) {
                await(out.emit(n));
            }
        } finally {
            connected = false;
        }
    });
}

Future<Integer> firstAbove(int limit) {
    return async(() -> {
        try (var numbers = numbers()) {
            while (await(numbers.next()) instanceof Item(var n)) {
                if (n > limit) {
                    return n;
                }
            }
            return 0;
        }
    });
}

void main() throws Exception {
    int found = Latent.blockOn(firstAbove(4));
    assert found == 5 : found;
    assert !connected : "found, and the generator still has its connection";
}
