package dev.latent.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A loop over numbers with an await once in 1,024 rounds beside the same loop without; the time of one round. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HotLoop {
    private static final int ROUNDS = 1 << 16;
    private static final int BETWEEN_AWAITS = 1_024;

    private final int[] numbers = new SplittableRandom(1).ints(ROUNDS).toArray();
    private final Tick never = new Tick(0);
    private final Tick always = new Tick(2);

    static Future<Long> sum(int[] numbers, Tick tick) {
        return async(() -> {
            long sum = 0;
            for (int i = 0; i < numbers.length; i++) {
                sum = sum * 31 + (numbers[i] ^ i);
                if (i % BETWEEN_AWAITS == 0) {
                    sum += await(tick);
                }
            }
            return sum;
        });
    }

    static long plainSum(int[] numbers, Tick tick) {
        long sum = 0;
        for (int i = 0; i < numbers.length; i++) {
            sum = sum * 31 + (numbers[i] ^ i);
            if (i % BETWEEN_AWAITS == 0) {
                sum += tick.take();
            }
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long readyWoven(Driver driver) throws Exception {
        return driver.run(sum(numbers, never));
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long readyPlain() {
        return plainSum(numbers, never);
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long pendingWoven(Driver driver) throws Exception {
        return driver.run(sum(numbers, always));
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long pendingPlain() {
        return plainSum(numbers, always);
    }
}
