// On several threads each poll of a task may run on another one. That is fine for plain objects.
// What is bound to its thread is marked @NotSend, and must not live across an await of a task that
// is spawned there.
//
// The query is quick, and its connection is not needed any longer after it.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.NotSend;
import dev.latent.runtime.WorkStealingExecutor;

@NotSend
class Connection {
    String query() {
        return "3 rows";
    }
}

Future<String> report() {
    return async(() -> {
        var connection = new Connection();
        await(yieldNow());
        return "found: " + connection.query();
    });
}

void main() throws Exception {
    try (var pool = WorkStealingExecutor.create(2)) {
        String report = pool.blockOn(async(() -> await(spawn(report()))));
        assert report.equals("found: 3 rows") : report;
        pool.spawn(report()).detach();
    }
}
