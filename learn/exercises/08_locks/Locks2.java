// A monitor belongs to a thread. A body that waits gives its thread to others, who would want the
// same monitor there, and both would wait for ever. So no `synchronized`, and no Lock of the JDK,
// may be held across an await.
//
// The number has to be taken in one step; the message needs no lock.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.List;
import java.util.stream.IntStream;

class Counter {
    private int last;

    Future<Void> publish(int number) {
        return async(() -> await(yieldNow()));
    }

    Future<Integer> next() {
        return async(() -> {
            synchronized (this) {
                int number = ++last;
                await(publish(number));
                return number;
            }
        });
    }
}

void main() throws Exception {
    var counter = new Counter();
    try (var pool = WorkStealingExecutor.create(2)) {
        List<Integer> numbers = pool.blockOn(join(IntStream.range(0, 100).mapToObj(_ -> counter.next()).toList()));
        assert numbers.stream().distinct().count() == 100 : numbers;
    }
}
