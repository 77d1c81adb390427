// Tasks share threads, so what a ThreadLocal holds is whoever's was there last. A TaskLocal belongs
// to a task: USER.where("ann", future) sets it for all polls of that future, and USER.get() asks
// for it.
//
// Let each request see its own user.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.TaskLocal;
import dev.latent.runtime.Latent;

static final TaskLocal<String> USER = TaskLocal.inherited("user");

Future<String> greet() {
    return async(() -> {
        await(yieldNow()); // another task runs here
        return "hello " + USER.get();
    });
}

Future<String> request(String user) {
    return async(() -> {
        return await(USER.where(user, greet()));
    });
}

void main() throws Exception {
    var said = Latent.blockOn(join(request("ann"), request("bob")));
    assert said.first().equals("hello ann") : "ann is told: " + said.first();
    assert said.second().equals("hello bob") : "bob is told: " + said.second();
}
