// A body knows no thread and no loop: you choose who polls it. A LocalExecutor runs in a loop that
// is yours, that of a game say: runUntilStalled() polls what is ready, and returns when every task
// waits.
//
// Give the tasks their turn in each frame.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.LocalExecutor;

Future<String> level() {
    return async(() -> {
        await(yieldNow());
        await(yieldNow());
        return "castle";
    });
}

void main() throws Exception {
    var loop = new LocalExecutor();
    var level = loop.toCompletableFuture(level());
    for (int frame = 0; frame < 60; frame++) {
        IO.print("."); // draws
    }
    IO.println();
    assert level.isDone() : "60 frames later the level is not loaded: who polls it?";
    assert level.get().equals("castle") : level.get();
}
