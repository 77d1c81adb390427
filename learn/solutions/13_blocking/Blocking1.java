// A body that blocks its thread holds up every other task of that thread. What has to block goes to
// a thread of the pool for that: `await(spawnBlocking(() -> …))`.
//
// Let the pool read the file.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.nio.file.Files;
import java.nio.file.Path;

Future<Integer> lines(Path file) {
    return async(() -> {
        await(yieldNow());
        return await(spawnBlocking(() -> Files.readAllLines(file).size()));
    });
}

void main() throws Exception {
    Path file = Files.createTempFile("lines", ".txt");
    try {
        Files.writeString(file, "tea\nwater\n");
        int lines = Latent.blockOn(lines(file));
        assert lines == 2 : lines;
    } finally {
        Files.delete(file);
    }
}
