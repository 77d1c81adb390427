package dev.latent.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A body that suspends at every await beside the same state machine written by hand; the time of one suspension and resume. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Machine {
    private static final int AWAITS = 1_000;

    private final Tick tick = new Tick(2);

    // ---- one body that awaits a leaf in a loop
    // ------------------------------------------------------------------------

    static Future<Long> loop(Tick tick, int n) {
        return async(() -> {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                sum += (long) await(tick) * i;
            }
            return sum;
        });
    }

    static final class LoopByHand implements Future<Long> {
        private final Tick tick;
        private final int n;
        private long sum;
        private int i;

        LoopByHand(Tick tick, int n) {
            this.tick = tick;
            this.n = n;
        }

        @Override
        public Poll<Long> poll(Context cx) {
            long sum = this.sum;
            int i = this.i;
            while (i < n) {
                if (!(tick.poll(cx) instanceof Poll.Ready<Integer>(Integer value))) {
                    this.sum = sum;
                    this.i = i;
                    return Poll.pending();
                }
                sum += (long) value * i;
                i++;
            }
            return Poll.ready(sum);
        }

        @Override
        public void drop() {
            tick.drop();
        }
    }

    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long leafWoven(Driver driver) throws Exception {
        return driver.run(loop(tick, AWAITS));
    }

    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long leafHand(Driver driver) throws Exception {
        return driver.run(new LoopByHand(tick, AWAITS));
    }

    // ---- a body that awaits another, which suspends
    // -------------------------------------------------------------------

    static Future<Long> child(Tick tick, long x) {
        return async(() -> x + await(tick));
    }

    static Future<Long> parent(Tick tick, int n) {
        return async(() -> {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                sum += await(child(tick, i));
            }
            return sum;
        });
    }

    static final class ChildByHand implements Future<Long> {
        private final Tick tick;
        private final long x;

        ChildByHand(Tick tick, long x) {
            this.tick = tick;
            this.x = x;
        }

        @Override
        public Poll<Long> poll(Context cx) {
            return tick.poll(cx) instanceof Poll.Ready<Integer>(Integer value) ? Poll.ready(x + value) : Poll.pending();
        }

        @Override
        public void drop() {
            tick.drop();
        }
    }

    static final class ParentByHand implements Future<Long> {
        private final Tick tick;
        private final int n;
        private @Nullable ChildByHand child;
        private long sum;
        private int i;

        ParentByHand(Tick tick, int n) {
            this.tick = tick;
            this.n = n;
        }

        @Override
        public Poll<Long> poll(Context cx) {
            long sum = this.sum;
            int i = this.i;
            ChildByHand child = this.child;
            while (i < n) {
                if (child == null) {
                    child = new ChildByHand(tick, i);
                }
                if (!(child.poll(cx) instanceof Poll.Ready<Long>(Long value))) {
                    this.sum = sum;
                    this.i = i;
                    this.child = child;
                    return Poll.pending();
                }
                sum += value;
                child = null;
                i++;
            }
            return Poll.ready(sum);
        }

        @Override
        public void drop() {
            if (child != null) {
                child.drop();
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long childWoven(Driver driver) throws Exception {
        return driver.run(parent(tick, AWAITS));
    }

    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long childHand(Driver driver) throws Exception {
        return driver.run(new ParentByHand(tick, AWAITS));
    }
}
