import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

// Computing on all cores: as many threads as cores, and what they make is taken in order.
long compute(int block) {
    long sum = 0;
    for (int i = 0; i < 10_000_000; i++) { // your computing
        sum += i ^ block;
    }
    return sum;
}

void main() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    try (var pool = Executors.newFixedThreadPool(cores)) {
        List<Future<Long>> results = new ArrayList<>();
        for (int block = 0; block < 8; block++) {
            int mine = block;
            results.add(pool.submit(() -> compute(mine)));
        }
        for (Future<Long> result : results) {
            IO.println(result.get());
        }
    }
}
