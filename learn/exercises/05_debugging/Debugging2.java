// Tasks.snapshot(executor) is for tasks what a thread dump is for threads: each with its name, its
// state, and the chain of what it waits for. `named(name, future)` gives the task a name that
// somebody can search for.
//
// Name each worker after its room: "kitchen", "garden".

import static dev.latent.Async.*;
import static java.time.Duration.ofHours;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.task.TaskInfo;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.List;

Future<Void> clean(String room) {
    return async(() -> await(sleep(ofHours(room.length()))));
}

Future<List<String>> waiting() {
    return async(() -> {
        try (var _ = spawn(clean("kitchen")); var _ = spawn(clean("garden"))) {
            await(yieldNow());
            return Tasks.snapshot(context().spawner()).tasks().stream()
                    .filter(task -> task.state() == TaskInfo.State.WAITING)
                    .map(task -> task.name().split(" ")[0])
                    .sorted()
                    .toList();
        }
    });
}

void main() throws Exception {
    var names = Latent.blockOn(waiting(), Latent.system().with(Clock.class, new VirtualClock()));
    assert names.equals(List.of("garden", "kitchen")) : "which room is which? " + names;
}
