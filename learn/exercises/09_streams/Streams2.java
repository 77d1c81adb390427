// AsyncStream.generate takes an async body that emits values as it goes. `emit` waits until the
// next value is asked for: so three rows of ten pages are there after two pages. What is collected
// first, and emitted then, is all fetched.
//
// Emit each row as soon as it is there.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import java.util.ArrayList;
import java.util.List;

int fetched;

Future<List<String>> fetch(int page) {
    return async(() -> {
        fetched++;
        await(yieldNow());
        return List.of("row " + page + "a", "row " + page + "b");
    });
}

AsyncStream<String> rows() {
    return AsyncStream.generate(out -> {
        var rows = new ArrayList<String>();
        for (int page = 1; page <= 10; page++) {
            rows.addAll(await(fetch(page)));
        }
        for (String row : rows) {
            await(out.emit(row));
        }
    });
}

void main() throws Exception {
    var rows = Latent.blockOn(rows().take(3).toList());
    assert rows.equals(List.of("row 1a", "row 1b", "row 2a")) : rows;
    assert fetched == 2 : "pages fetched for three rows: " + fetched;
}
