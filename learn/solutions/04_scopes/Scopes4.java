// Some futures have already taken something when they lose a select, and lose it with them: half a
// word, here. Such a method says so by @NotCancelSafe, and javac then warns of a select in a loop
// that makes it anew.
//
// Read the whole word.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.NotCancelSafe;
import dev.latent.Second;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.Iterator;
import java.util.List;

Iterator<String> line = List.of("t", "e", "a", "!").iterator();

@NotCancelSafe
Future<String> readWord() {
    return async(() -> {
        var word = new StringBuilder();
        while (true) {
            await(sleep(ofMillis(30)));
            String letter = line.hasNext() ? line.next() : "!";
            if (letter.equals("!")) {
                return word.toString();
            }
            word.append(letter);
        }
    });
}

Future<String> patient() {
    return async(() -> {
        try (var reading = pin(readWord())) {
            while (true) {
                switch (await(select(reading, sleep(ofMillis(80))))) {
                    case First(var word) -> {
                        return word;
                    }
                    case Second(_) -> IO.println("still reading");
                }
            }
        }
    });
}

void main() throws Exception {
    String word = Latent.blockOn(patient(), Latent.system().with(Clock.class, new VirtualClock()));
    assert word.equals("tea") : "read: " + word;
}
