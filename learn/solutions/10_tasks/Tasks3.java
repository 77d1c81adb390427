// Spawned tasks may run at the same time, on several threads, and an ArrayList is not made for
// that. Mostly nothing has to be shared: each task returns what it has, and who awaits them puts it
// together.
//
// Return the pages, and join the tasks.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.ArrayList;
import java.util.List;

Future<String> fetch(int page) {
    return async(() -> {
        await(yieldNow());
        return "page " + page;
    });
}

Future<List<String>> all() {
    return async(() -> {
        var tasks = new ArrayList<Future<String>>();
        for (int page = 1; page <= 100; page++) {
            tasks.add(spawn(fetch(page)));
        }
        return await(join(tasks));
    });
}

void main() throws Exception {
    try (var pool = WorkStealingExecutor.create(2)) {
        var pages = pool.blockOn(all());
        assert pages.size() == 100 : pages.size();
        assert pages.stream().distinct().count() == 100 : pages;
    }
}
