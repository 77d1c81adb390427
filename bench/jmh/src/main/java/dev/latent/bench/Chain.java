package dev.latent.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Async calls that never suspend beside the same plain calls; the time of one call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Chain {
    private static final int N = 18;

    /** How many calls fibonacci(N) is. */
    private static final int CALLS = 8_361;

    private static final int ROUNDS = 1_000;

    // ---- a recursion ------------------------------------------------------------------------------------------------

    static Future<Integer> fibonacci(int n) {
        return async(() -> n < 2 ? n : await(fibonacci(n - 1)) + await(fibonacci(n - 2)));
    }

    static Integer plainFibonacci(int n) {
        return n < 2 ? (Integer) n : plainFibonacci(n - 1) + plainFibonacci(n - 2);
    }

    Future<Integer> virtualFibonacci(int n) {
        return async(() -> n < 2 ? n : await(virtualFibonacci(n - 1)) + await(virtualFibonacci(n - 2)));
    }

    Integer plainVirtualFibonacci(int n) {
        return n < 2 ? (Integer) n : plainVirtualFibonacci(n - 1) + plainVirtualFibonacci(n - 2);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int recursionWoven(Driver driver) throws Exception {
        return driver.run(fibonacci(N));
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int recursionPlain() {
        return plainFibonacci(N);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int recursionVirtualWoven(Driver driver) throws Exception {
        return driver.run(virtualFibonacci(N));
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int recursionVirtualPlain() {
        return plainVirtualFibonacci(N);
    }

    // ---- three levels, within a class and across classes
    // --------------------------------------------------------------

    /** One step of a xorshift, so that a level has something to do. */
    static long mix(long x) {
        x ^= x << 13;
        x ^= x >>> 7;
        return x ^ x << 17;
    }

    static Future<Long> a(long x) {
        return async(() -> mix(await(b(x + 1))));
    }

    static Future<Long> b(long x) {
        return async(() -> mix(await(c(x + 1))));
    }

    static Future<Long> c(long x) {
        return async(() -> mix(x));
    }

    static Long plainA(long x) {
        return mix(plainB(x + 1));
    }

    static Long plainB(long x) {
        return mix(plainC(x + 1));
    }

    static Long plainC(long x) {
        return mix(x);
    }

    @Benchmark
    @OperationsPerInvocation(3 * ROUNDS)
    public long levelsWoven(Driver driver) throws Exception {
        return driver.run(async(() -> {
            long x = 1;
            for (int i = 0; i < ROUNDS; i++) {
                x += await(a(x));
            }
            return x;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(3 * ROUNDS)
    public long levelsPlain() {
        long x = 1;
        for (int i = 0; i < ROUNDS; i++) {
            x += plainA(x);
        }
        return x;
    }

    private final Layers.Service service = new Layers.Service(new Layers.Store());

    @Benchmark
    @OperationsPerInvocation(3 * ROUNDS)
    public long layersWoven(Driver driver) throws Exception {
        return driver.run(async(() -> {
            long x = 1;
            for (int i = 0; i < ROUNDS; i++) {
                x += await(service.find(x));
            }
            return x;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(3 * ROUNDS)
    public long layersPlain() {
        long x = 1;
        for (int i = 0; i < ROUNDS; i++) {
            x += service.plainFind(x);
        }
        return x;
    }
}
