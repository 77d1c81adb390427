package dev.latent.cli.lab.program;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;

import com.sun.management.ThreadMXBean;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.world.World;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;

/** What async costs, thing by thing, in ns and bytes. One run is one thing, and prints one line of JSON. */
public final class Costs {
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** So that no compiler takes a future that nobody keeps for one that need not be made. */
    private static Object kept = THREADS;

    private Costs() {}

    private static final class NoExecutor implements Spawner {
        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new IllegalStateException("nothing spawns here");
        }

        @Override
        public World world() {
            return World.empty();
        }
    }

    /** Pending once, then ready. */
    private static final class Once implements Future<Integer> {
        private boolean asked;

        @Override
        public Poll<Integer> poll(Context cx) {
            if (!asked) {
                asked = true;
                return Poll.pending();
            }
            return Poll.ready(1);
        }

        @Override
        public void drop() {}
    }

    // ---- the state machine ------------------------------------------------------------------------------------------

    private static Future<Integer> chain(int depth) {
        return depth == 1 ? async(() -> await(new Once())) : async(() -> await(chain(depth - 1)) + 1);
    }

    private static Future<Long> fourLocals(long a) {
        return async(() -> {
            long b = a + 1;
            long c = b * 3;
            long d = c ^ a;
            return await(new Once()) + b + c + d;
        });
    }

    private static Future<Long> sixteenLocals(long a) {
        return async(() -> {
            long b = a + 1;
            long c = b * 3;
            long d = c ^ a;
            long e = d + b;
            long f = e * 5;
            long g = f ^ b;
            long h = g + c;
            long i = h * 7;
            long j = i ^ c;
            long k = j + d;
            long l = k * 9;
            long m = l ^ d;
            long n = m + e;
            long o = n * 11;
            long p = o ^ e;
            return await(new Once()) + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p;
        });
    }

    private interface Make {
        Future<?> future(int i);
    }

    /** Makes one, suspends it, resumes it; for each of its frames. */
    private static String machine(Make make, int frames, int times) throws Exception {
        Context cx = new Context(new NoExecutor());
        double[] nanos = new double[ROUNDS];
        double bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                Future<?> future = make.future(i);
                kept = future;
                cx.begin(Waker.noop());
                if (future.poll(cx).isReady()) {
                    throw new IllegalStateException("did not suspend");
                }
                cx.begin(Waker.noop());
                if (!future.poll(cx).isReady()) {
                    throw new IllegalStateException("did not end");
                }
            }
            nanos[round] = (System.nanoTime() - start) / (double) times / frames;
            bytes = (THREADS.getCurrentThreadAllocatedBytes() - allocated) / (double) times / frames;
        }
        return figures(nanos, bytes);
    }

    // ---- dispatch ---------------------------------------------------------------------------------------------------

    private interface Service {
        Future<Integer> call(int i);
    }

    private static Service service(int k) {
        return switch (k) {
            case 0 -> i -> async(() -> i + 1);
            case 1 -> i -> async(() -> i + 2);
            case 2 -> i -> async(() -> i + 3);
            case 3 -> i -> async(() -> i + 4);
            case 4 -> i -> async(() -> i + 5);
            case 5 -> i -> async(() -> i + 6);
            case 6 -> i -> async(() -> i + 7);
            default -> i -> async(() -> i + 8);
        };
    }

    @SuppressWarnings("latent:async-without-await") // what an await of it costs is the question
    private static Future<Integer> direct(int i) {
        return async(() -> i + 1);
    }

    private static Future<Long> directly(int times) {
        return async(() -> {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += await(direct(i));
            }
            return sum;
        });
    }

    private static Future<Long> through(Service[] services, int times) {
        return async(() -> {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += await(services[i % services.length].call(i));
            }
            return sum;
        });
    }

    /** Made before, held as what everybody knows: their class is nobody's business any more. */
    private static Future<Long> boxed(List<Future<?>> futures) {
        return async(() -> {
            long sum = 0;
            for (Future<?> future : futures) {
                sum += (Integer) await(future);
            }
            return sum;
        });
    }

    private static List<Future<?>> boxes(Service[] services, int times) {
        List<Future<?>> futures = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            futures.add(services[i % services.length].call(i));
        }
        return futures;
    }

    private static Service[] services(int n) {
        Service[] services = new Service[n];
        Arrays.setAll(services, Costs::service);
        return services;
    }

    private static String ready(Make make, int times) throws Exception {
        Context cx = new Context(new NoExecutor());
        double[] nanos = new double[ROUNDS];
        double bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            Future<?> future = make.future(round);
            cx.begin(Waker.noop());
            if (!future.poll(cx).isReady()) {
                throw new IllegalStateException("suspended");
            }
            nanos[round] = (System.nanoTime() - start) / (double) times;
            bytes = (THREADS.getCurrentThreadAllocatedBytes() - allocated) / (double) times;
        }
        return figures(nanos, bytes);
    }

    // ---- switching --------------------------------------------------------------------------------------------------

    private static Future<Void> yielding(int times) {
        return async(() -> {
            for (int i = 0; i < times; i++) {
                await(yieldNow());
            }
        });
    }

    private static Future<Void> twoYielding(int times) {
        return async(() -> {
            try (var one = spawn(yielding(times));
                    var other = spawn(yielding(times))) {
                await(one);
                await(other);
            }
        });
    }

    /** Two threads hand each other the turn. */
    private static void handOver(ThreadFactory factory, int times) throws InterruptedException {
        SynchronousQueue<Integer> there = new SynchronousQueue<>();
        SynchronousQueue<Integer> back = new SynchronousQueue<>();
        Thread one = factory.newThread(() -> turns(there, back, times));
        Thread other = factory.newThread(() -> {
            try {
                for (int i = 0; i < times; i++) {
                    back.put(there.take());
                }
            } catch (InterruptedException e) {
                // nobody does
            }
        });
        one.start();
        other.start();
        one.join();
        other.join();
    }

    private static void turns(SynchronousQueue<Integer> there, SynchronousQueue<Integer> back, int times) {
        try {
            for (int i = 0; i < times; i++) {
                there.put(1);
                back.take();
            }
        } catch (InterruptedException e) {
            // nobody does
        }
    }

    private interface Step {
        void run(int times) throws Exception;
    }

    private static String switches(Step step, int times) throws Exception {
        double[] nanos = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            step.run(times);
            nanos[round] = (System.nanoTime() - start) / (2.0 * times);
        }
        return figures(nanos, 0);
    }

    private static String figures(double[] nanos, double bytes) {
        double[] settled = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length); // the others warmed up
        Arrays.sort(settled);
        if (kept == nanos) {
            throw new IllegalStateException();
        }
        return String.format(Locale.ROOT, "{\"ns\":%.2f,\"bytes\":%.1f}", settled[settled.length / 2], bytes);
    }

    /**
     * Measures.
     *
     * @param args what
     */
    public static void main(String[] args) throws Exception {
        int many = 2_000_000;
        int some = 20_000;
        System.out.println(
                switch (args[0]) {
                    case "depth-1" -> machine(i -> chain(1), 1, many);
                    case "depth-10" -> machine(i -> chain(10), 10, many / 10);
                    case "depth-100" -> machine(i -> chain(100), 100, many / 100);
                    case "locals-4" -> machine(Costs::fourLocals, 1, many);
                    case "locals-16" -> machine(Costs::sixteenLocals, 1, many);
                    case "direct" -> ready(i -> directly(many), many);
                    case "interface-1" -> ready(i -> through(services(1), many), many);
                    case "interface-2" -> ready(i -> through(services(2), many), many);
                    case "interface-8" -> ready(i -> through(services(8), many), many);
                    case "boxed" -> {
                        Service[] services = services(8);
                        yield ready(i -> boxed(boxes(services, some)), some);
                    }
                    case "switch-task" -> switches(times -> Latent.blockOn(twoYielding(times)), many);
                    case "switch-thread" ->
                        switches(times -> handOver(Thread.ofPlatform().factory(), times), some);
                    case "switch-virtual" ->
                        switches(times -> handOver(Thread.ofVirtual().factory(), times), some);
                    default -> throw new IllegalArgumentException(args[0]);
                });
        System.exit(0);
    }
}
