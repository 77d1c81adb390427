// dev.latent.task is the kit for an executor of your own. `TaskHome` is what a task asks of it;
// `SpawnedTask` is the rest: the waker, the handle, and what stands in your queue. For each
// `schedule` the task wants one call of `run`.
//
// Who was woken has to stand in the queue again.

import static dev.latent.Async.*;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.Latent;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import java.util.ArrayDeque;

class QueueExecutor implements TaskHome {
    private final ArrayDeque<SpawnedTask<?>> queue = new ArrayDeque<>();
    private final Context cx = new Context(this);

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        var task = new SpawnedTask<T>(this, future);
        queue.add(task);
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {}

    @Override
    public World world() {
        return Latent.system();
    }

    void run() {
        while (!queue.isEmpty()) {
            queue.remove().run(cx);
        }
    }
}

Future<String> hello(String name) {
    return async(() -> {
        await(yieldNow());
        return "hello " + name;
    });
}

void main() throws Exception {
    var executor = new QueueExecutor();
    var both = executor.toCompletableFuture(async(() -> await(spawn(hello("tea"))) + ", " + await(hello("water"))));
    executor.run();
    assert both.isDone() : "the queue is empty, and a task has not ended: it was woken and not put back";
    assert both.get().equals("hello tea, hello water") : both.get();
}
