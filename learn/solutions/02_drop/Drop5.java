// A future that is dropped before its first poll has run nothing, so there is nothing to clean up.
// One exception: a body that *begins* with try-with-resources over what it captures owns that from
// the start.
//
// Let `ask` own its connection from the start.

import static dev.latent.Async.*;

import dev.latent.Future;

class Connection implements AutoCloseable {
    boolean closed;

    @Override
    public void close() {
        closed = true;
    }
}

Future<String> ask(Connection connection) {
    return async(() -> {
        try (connection) {
            await(yieldNow());
            return "an answer";
        }
    });
}

void main() {
    var connection = new Connection();
    ask(connection).drop(); // nobody wants the answer any more
    assert connection.closed : "nobody has closed the connection";
}
