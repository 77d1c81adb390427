import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

// A virtual thread for each piece, and a bound before what can't take all at once.
final Semaphore bound = new Semaphore(20);

String load(int id) throws InterruptedException {
    bound.acquire();
    try {
        Thread.sleep(20); // your blocking call
        return "row " + id;
    } finally {
        bound.release();
    }
}

void main() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> all = new ArrayList<>();
        for (int id = 1; id <= 50; id++) {
            int mine = id;
            all.add(threads.submit(() -> load(mine)));
        }
        for (Future<String> one : all) {
            IO.println(one.get());
        }
    }
}
