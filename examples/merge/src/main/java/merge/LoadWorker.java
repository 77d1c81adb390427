package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/** The process that asks in one way: clients, each of which asks for a page as soon as it has got the last one. Prints {@link Figures} as JSON. */
final class LoadWorker {
    private static final long MAX_NANOS = 60_000_000_000L;

    private final Settings settings;
    private final Way way;
    private final String slow;
    private final int slowMillis;
    private final int clients;
    private final Histogram nanos = new ConcurrentHistogram(MAX_NANOS, 3);
    private final LongAdder parts = new LongAdder();

    // When what is asked begins to count, and when it ends.
    private long begin;
    private long end;

    private LoadWorker(Settings settings, Way way, String slow, int slowMillis, int clients) {
        this.settings = settings;
        this.way = way;
        this.slow = slow;
        this.slowMillis = slowMillis;
        this.clients = clients;
    }

    /**
     * @param args way, database that is slow or "-", milliseconds that it takes longer, clients, seconds of warm-up, seconds, connections, questions in line, and
     *     {@code NAME=DEADLINE=URL} of all
     */
    static void main(String[] args) throws Exception {
        Quiet.clients();
        Map<Kind, String> urls = new EnumMap<>(Kind.class);
        Map<Kind, Duration> deadlines = new EnumMap<>(Kind.class);
        for (int i = 8; i < args.length; i++) {
            String[] words = args[i].split("=", 3);
            Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
            deadlines.put(kind, Duration.ofMillis(Long.parseLong(words[1])));
            urls.put(kind, words[2]);
        }
        Settings settings = new Settings(urls, deadlines, Integer.parseInt(args[6]), Integer.parseInt(args[7]));
        String slow = args[1].equals("-") ? "" : args[1];
        LoadWorker worker = new LoadWorker(
                settings, Way.valueOf(args[0]), slow, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        Figures figures = worker.run(Double.parseDouble(args[4]), Double.parseDouble(args[5]));
        System.out.println(JsonMapper.shared().writeValueAsString(figures));
        System.exit(0); // clients have threads of their own
    }

    private Figures run(double warmUp, double seconds) throws Exception {
        Latent.blockOn(async(() -> {
            try (var sources = await(Sources.open(settings))) { // fills what is in memory, for the other ways too
                if (way == Way.LATENT) {
                    startClock(warmUp, seconds);
                    Merge merge = new Merge(sources.all());
                    await(join(IntStream.range(0, clients)
                            .mapToObj(_ -> client(merge))
                            .toList()));
                }
            }
        }));
        if (way != Way.LATENT) {
            startClock(warmUp, seconds);
        }
        switch (way) {
            case SEQUENTIAL -> byThreads(null);
            case THREADS -> byThreads(Executors.newCachedThreadPool());
            case VIRTUAL -> byThreads(Executors.newVirtualThreadPerTaskExecutor());
            case LATENT -> {
                // done
            }
        }
        return figures(seconds);
    }

    private void startClock(double warmUp, double seconds) {
        begin = System.nanoTime() + (long) (warmUp * 1e9);
        end = begin + (long) (seconds * 1e9);
    }

    private Future<Void> client(Merge merge) {
        return async(() -> {
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                Page page = await(merge.page(product(), source -> slow(source.name())));
                note(now, page.parts().size());
                await(yieldNow()); // a page of which all is refused has waited for nothing
            }
        });
    }

    private static long product() {
        return 1 + ThreadLocalRandom.current().nextInt(Sources.PRODUCTS);
    }

    private int slow(String name) {
        return name.equals(slow) ? slowMillis : 0;
    }

    private void note(long begun, int count) {
        if (begun >= begin) {
            nanos.recordValue(Math.min(MAX_NANOS, System.nanoTime() - begun));
            parts.add(count);
        }
    }

    /** @param executor that asks at once; null: one after the other */
    private void byThreads(ExecutorService executor) throws Exception {
        var timer = Executors.newSingleThreadScheduledExecutor();
        var cancellers = Executors.newCachedThreadPool();
        List<BlockingSource<?>> sources = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            sources.add(BlockingSource.of(kind, settings, timer, cancellers));
        }
        List<Thread> threads = IntStream.range(0, clients)
                .mapToObj(_ -> way == Way.VIRTUAL
                        ? Thread.ofVirtual().unstarted(() -> asks(sources, executor))
                        : Thread.ofPlatform().unstarted(() -> asks(sources, executor)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void asks(List<BlockingSource<?>> sources, ExecutorService executor) {
        try {
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                long product = product();
                List<Callable<Integer>> questions = sources.stream()
                        .map(source -> (Callable<Integer>) () -> part(source, product))
                        .toList();
                int count = 0;
                if (executor == null) {
                    for (Callable<Integer> question : questions) {
                        count += question.call();
                    }
                } else {
                    for (var answer : executor.invokeAll(questions)) {
                        count += answer.get();
                    }
                }
                note(now, count);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return 1 where it has answered in time} */
    private int part(BlockingSource<?> source, long product) {
        try {
            source.ask(new Question(product, slow(source.kind().toString())));
            return 1;
        } catch (Exception e) {
            return 0;
        }
    }

    private Figures figures(double seconds) throws Exception {
        if (nanos.getTotalCount() == 0) {
            throw new IllegalStateException("no page was served in " + seconds + " s");
        }
        long megabytes = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                megabytes = Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return new Figures(
                way.title,
                slow,
                nanos.getTotalCount(),
                nanos.getTotalCount() / seconds,
                (double) parts.sum() / Math.max(1, nanos.getTotalCount()),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                megabytes,
                ManagementFactory.getThreadMXBean().getPeakThreadCount());
    }
}
