package dev.latent.cli.lab.program;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.scopeDo;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Waits for a {@link WaitService}, many at once, each on a connection of its own, again and again until the time is over. One run is one way of waiting, and
 * prints one line of JSON.
 */
public final class Waits {
    private static final int BACKLOG = 64;
    private static final int WARM_UPS = 3;

    private final int n;
    private final short millis;
    private final int port;
    private final int addresses;
    private final Duration length;
    private final Histogram latency = new ConcurrentHistogram(3);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** All are connected, and have been answered before. */
    private final CountDownLatch ready;

    private final CountDownLatch go = new CountDownLatch(1);
    private final Thread sampler = Thread.ofPlatform().unstarted(this::sample);

    // Set before the go.

    private volatile long begun;
    private volatile long end;

    // Set by the sampler.

    private long cpu;
    private long resident;

    private Waits(String[] args) {
        n = Integer.parseInt(args[1]);
        millis = Short.parseShort(args[2]);
        port = Integer.parseInt(args[3]);
        addresses = Integer.parseInt(args[4]);
        length = Duration.ofMillis(Long.parseLong(args[5]));
        ready = new CountDownLatch(n);
    }

    private String address(int i) {
        return "127.0.0." + (1 + i % addresses);
    }

    // ---- on threads -------------------------------------------------------------------------------------------------

    private void blocking(int i) {
        byte[] question = {(byte) (millis >> 8), (byte) millis};
        boolean isReady = false;
        try (Socket socket = new Socket(address(i), port)) {
            socket.setTcpNoDelay(true);
            for (int k = 0; k < WARM_UPS; k++) {
                ask(socket, question);
            }
            isReady = true;
            ready.countDown();
            go.await();
            for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                ask(socket, question);
                answered(start);
            }
        } catch (IOException | InterruptedException e) {
            failed(e);
        } finally {
            if (!isReady) {
                ready.countDown();
            }
        }
    }

    private static void ask(Socket socket, byte[] question) throws IOException {
        socket.getOutputStream().write(question);
        if (socket.getInputStream().read() < 0) {
            throw new EOFException("the service has gone");
        }
    }

    private void threads(ThreadFactory factory) throws InterruptedException {
        Thread[] threads = new Thread[n];
        for (int i = 0; i < n; i++) {
            int mine = i;
            threads[i] = factory.newThread(() -> blocking(mine));
            threads[i].start();
            while (i + 1 - (n - ready.getCount()) >= BACKLOG) {
                Thread.sleep(1);
            }
        }
        ready.await();
        begin();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    // ---- futures ----------------------------------------------------------------------------------------------------

    private Future<Void> waiting(TcpStream stream) {
        ByteBuffer bytes = ByteBuffer.allocate(2);
        return async(() -> {
            try (stream) {
                for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                    await(ask(stream, bytes));
                    answered(start);
                }
            }
        });
    }

    private Future<Void> ask(TcpStream stream, ByteBuffer bytes) {
        return async(() -> {
            await(stream.write(bytes.clear().putShort(millis).flip()));
            if (await(stream.read(bytes.clear().limit(1))) < 0) {
                throw new EOFException("the service has gone");
            }
        });
    }

    private Future<TcpStream> connected(int i) {
        return async(() -> {
            TcpStream stream = await(TcpStream.connect(address(i), port));
            ByteBuffer bytes = ByteBuffer.allocate(2);
            for (int k = 0; k < WARM_UPS; k++) {
                await(ask(stream, bytes));
            }
            return stream;
        });
    }

    private Future<Void> futures() {
        return scopeDo(scope -> {
            List<TcpStream> streams = new ArrayList<>();
            for (int i = 0; i < n; i += BACKLOG) {
                List<Future<TcpStream>> some = new ArrayList<>();
                for (int k = i; k < Math.min(n, i + BACKLOG); k++) {
                    some.add(connected(k));
                }
                streams.addAll(await(join(some)));
            }
            begin();
            for (TcpStream stream : streams) {
                scope.spawn(waiting(stream));
            }
        });
    }

    // ---- measuring --------------------------------------------------------------------------------------------------

    private void begin() {
        begun = System.nanoTime() + length.toNanos() / 2; // what comes before that warms up
        end = begun + length.toNanos();
        sampler.start();
        go.countDown();
    }

    private void failed(Throwable t) {
        failures.add(t);
    }

    private void answered(long start) {
        if (start >= begun) {
            latency.recordValue(System.nanoTime() - start);
        }
    }

    /** Beside those who wait, whatever runs them. */
    private void sample() {
        try {
            TimeUnit.NANOSECONDS.sleep(begun - System.nanoTime());
            cpu = -cpuNanos();
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            cpu += cpuNanos();
            resident = resident();
        } catch (InterruptedException e) {
            // nobody does
        }
    }

    private void tell() throws InterruptedException {
        Throwable t = failures.peek();
        if (t != null) {
            System.out.println("{\"failure\":\"" + t.toString().replaceAll("[\"\\\\\\p{Cntrl}]", " ") + "\"}");
            return;
        }
        sampler.join();
        double seconds = length.toNanos() / 1e9;
        long answers = latency.getTotalCount();
        System.out.printf(
                Locale.ROOT,
                "{\"answers_per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_us_per_answer\":%.2f,\"rss_mb\":%.1f}%n",
                answers / seconds,
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                cpu / 1e3 / Math.max(1, answers),
                resident / 1024.0);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** {@return the most memory that the process has had, in kB} */
    private static long resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            // not Linux
        }
        return 0;
    }

    /**
     * Waits.
     *
     * @param args the way, how many at once, for how many milliseconds each, the service's port and how many addresses it has, and for how many
     *     milliseconds it is measured, when it has run for half as long
     */
    public static void main(String[] args) throws Exception {
        Waits waits = new Waits(args);
        try {
            switch (args[0]) {
                case "one-by-one", "threads" ->
                    waits.threads(Thread.ofPlatform().factory());
                case "virtual-threads" -> waits.threads(Thread.ofVirtual().factory());
                case "latent-one" -> {
                    try (LocalExecutor executor = new LocalExecutor()) {
                        executor.blockOn(waits.futures());
                    }
                }
                case "latent-all" -> {
                    try (WorkStealingExecutor executor =
                            WorkStealingExecutor.create(Runtime.getRuntime().availableProcessors())) {
                        executor.blockOn(waits.futures());
                    }
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        } catch (OutOfMemoryError | IOException e) {
            waits.failed(e);
        }
        waits.tell();
        System.exit(0);
    }
}
