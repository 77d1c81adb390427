package dev.latent.bench;

import dev.latent.stream.AsyncStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;

/**
 * Five operators over values that are there, and a sum: a stream of Latent's, the JDK's, Reactor's; the time of one value. Others have run before, so that no library's
 * operators are the only ones that the JIT compiler has seen.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Streams {
    private static final int VALUES = 10_000;

    private final List<Integer> values = IntStream.range(0, VALUES).boxed().toList();

    /** Other operators, in other orders. */
    @Setup
    public void others(Driver driver) throws Exception {
        long sum = 0;
        for (int i = 0; i < 200; i++) {
            sum += driver.run(AsyncStream.from(values).filter(v -> v > 7).map(v -> v ^ 1).fold(0, Integer::sum));
            sum += driver.run(AsyncStream.from(values).skip(3).scan(0, Integer::sum).take(5_000).filter(v -> v % 3 == 0).fold(0, Integer::sum));
            sum += driver.run(AsyncStream.from(values).map(v -> -v).distinctUntilChanged().takeWhile(v -> v < 1).toList()).size();
            sum -= values.stream().filter(v -> v > 7).map(v -> v ^ 1).reduce(0, Integer::sum);
            sum -= values.stream().skip(3).limit(5_000).filter(v -> v % 3 == 0).reduce(0, Integer::sum);
            sum -= values.stream().map(v -> -v).distinct().takeWhile(v -> v < 1).toList().size();
            sum += Flux.fromIterable(values).filter(v -> v > 7).map(v -> v ^ 1).reduce(0, Integer::sum).block();
            sum += Flux.fromIterable(values).skip(3).scan(0, Integer::sum).take(5_000).filter(v -> v % 3 == 0).reduce(0, Integer::sum).block();
            sum += Flux.fromIterable(values).map(v -> -v).distinctUntilChanged().takeWhile(v -> v < 1).collectList().block().size();
        }
        if (sum == 0) {
            throw new AssertionError();
        }
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int latent(Driver driver) throws Exception {
        return driver.run(AsyncStream.from(values)
                .map(v -> v + 1)
                .filter(v -> (v & 3) != 0)
                .map(v -> v * 3)
                .filter(v -> v % 5 != 0)
                .map(v -> v ^ 0x55)
                .fold(0, Integer::sum));
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int jdk() {
        return values.stream()
                .map(v -> v + 1)
                .filter(v -> (v & 3) != 0)
                .map(v -> v * 3)
                .filter(v -> v % 5 != 0)
                .map(v -> v ^ 0x55)
                .reduce(0, Integer::sum);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int reactor() {
        return Flux.fromIterable(values)
                .map(v -> v + 1)
                .filter(v -> (v & 3) != 0)
                .map(v -> v * 3)
                .filter(v -> v % 5 != 0)
                .map(v -> v ^ 0x55)
                .reduce(0, Integer::sum)
                .block();
    }
}
