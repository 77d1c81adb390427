import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** One program, unchanged, on every executor there is: ./latent run examples/AnyExecutor.java */
Future<Integer> app() {
    return async(() -> {
        var sum = 0;
        for (int i = 0; i < 3; i++) {
            var both = await(join(square(i), square(i + 1)));
            sum += both.first() + both.second();
        }
        try (var task = spawn(square(4))) {
            return sum + await(task);
        }
    });
}

Future<Integer> square(int n) {
    return async(() -> {
        await(sleep(ofMillis(5)));
        await(yieldNow());
        return n * n;
    });
}

void main() throws Exception {
    show("this thread", Latent.blockOn(app()));

    try (var pool = WorkStealingExecutor.create(2)) {
        show("two work-stealing threads", pool.blockOn(app()));
    }

    try (var loop = new LocalExecutor()) { // inside a loop of ours: a game's, say
        var frames = 0;
        var result = loop.toCompletableFuture(app());
        for (; !result.isDone(); frames++) {
            loop.runUntilStalled();
            Thread.sleep(1); // draw
        }
        show("a loop of ours", result.join());
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        show("virtual threads", Latent.on(threads).toCompletableFuture(app()).join());
    }
    try (var thread = Executors.newSingleThreadExecutor()) { // as an event loop is
        show("somebody else's event loop", Latent.on(thread).toCompletableFuture(app()).join());
    }
    show("the common pool", Latent.on(ForkJoinPool.commonPool()).toCompletableFuture(app()).join());
}

void show(String where, int result) {
    IO.println(result + " on " + where);
}
