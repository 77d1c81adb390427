package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Child;
import dev.latent.cli.lab.program.WaitService;
import dev.latent.cli.lab.program.Waits;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Waits for a service on this machine, in one way or another, each run in a JVM of its own. */
public final class Waiting implements AutoCloseable {
    /** How a way of waiting is told, and the program's word for it. */
    public record Way(String shown, String word) {}

    /** One after the other. */
    public static final Way ONE_BY_ONE = new Way("one by one", "one-by-one");

    /** A platform thread for each. */
    public static final Way THREADS = new Way("threads", "threads");

    /** Futures on as many threads as cores. */
    public static final Way LATENT = new Way("Latent, all cores", "latent-all");

    /** Those that wait for many at once. */
    public static final List<Way> AT_ONCE = List.of(
            THREADS,
            new Way("virtual threads", "virtual-threads"),
            new Way("Latent, one thread", "latent-one"),
            LATENT);

    /** What the figures of a run are called. */
    public static final List<String> HEAD = List.of("answers/s", "p50 ms", "p99 ms", "CPU µs each", "RSS MB");

    private static final List<String> FIGURES =
            List.of("answers_per_second", "p50_ms", "p99_ms", "cpu_us_per_answer", "rss_mb");

    private static final int ADDRESSES = 4;
    private static final Duration START = Duration.ofSeconds(20);

    /** Files that a process has open beside its connections. */
    private static final int OTHER_FILES = 500;

    private final Lab lab;
    private final Child service;
    private final int port;

    private Waiting(Lab lab, Child service, int port) {
        this.lab = lab;
        this.service = service;
        this.port = port;
    }

    /** Starts the service. */
    public static Waiting begin(Lab lab) throws Failure, InterruptedException {
        Child service = lab.start(WaitService.class, ADDRESSES);
        boolean isReady = false;
        try {
            String line = service.line(said -> said.startsWith("ready "), START);
            Waiting waiting = new Waiting(lab, service, Integer.parseInt(line.substring("ready ".length())));
            isReady = true;
            return waiting;
        } finally {
            if (!isReady) {
                service.close();
            }
        }
    }

    /** {@return how many waits there may be at once, each on a connection of its own} */
    public static long most(Lab lab) {
        return lab.openFiles() - OTHER_FILES;
    }

    /**
     * {@return what the program said: {@link #figures}, or a {@code failure}}
     *
     * @param n waits at once, of {@code millis} each
     * @param length of the run, in milliseconds
     */
    public JsonNode run(Way way, int n, int millis, int length) throws Failure, InterruptedException {
        return lab.figures(Waits.class, way.word, n, millis, port, ADDRESSES, length);
    }

    /** {@return them, in the order of {@link #HEAD}} */
    public static List<Double> figures(JsonNode said) {
        return FIGURES.stream().map(figure -> said.path(figure).asDouble()).toList();
    }

    @Override
    public void close() {
        service.close();
    }
}
