package dev.latent.cli.bench;

import static dev.latent.cli.bench.TaskSystem.GO;
import static dev.latent.cli.bench.TaskSystem.KOTLINX;
import static dev.latent.cli.bench.TaskSystem.LATENT;
import static dev.latent.cli.bench.TaskSystem.REACTOR;
import static dev.latent.cli.bench.TaskSystem.THREADS;
import static dev.latent.cli.bench.TaskSystem.TOKIO;

import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Subject.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tasks do with each other: channels, locks, futures of futures. Each beside whatever has such a thing. */
final class TaskCases {
    private static final String CHANNELS = "channels";
    private static final String LOCKS = "locks";
    private static final String FUTURES = "futures";

    /** Bytes that a message may cost, sent and received. */
    private static final double MESSAGE = 32;

    private static final double EMPTY_CHANNEL = 200;

    /** What a quick run has time for. */
    private static final List<String> MOST_TELLING = List.of("mpsc", "ping-pong", "mutex-100", "join", "timeout");

    private static final List<TaskSystem> ALL = List.of(LATENT, TOKIO, KOTLINX, REACTOR, THREADS, GO);
    private static final List<TaskSystem> NOT_GO = List.of(LATENT, TOKIO, KOTLINX, REACTOR, THREADS);
    private static final List<TaskSystem> NOT_REACTOR = List.of(LATENT, TOKIO, KOTLINX, THREADS, GO);

    private TaskCases() {}

    private static Map<String, Aim> tokio(double least) {
        return Map.of(TOKIO.shown, Aim.atLeast(least));
    }

    private static Map<String, Aim> both(double tokio, double kotlinx) {
        return Map.of(TOKIO.shown, Aim.atLeast(tokio), KOTLINX.shown, Aim.atLeast(kotlinx));
    }

    static List<Case> channels(Plan plan) {
        List<Case> all = new ArrayList<>(cases(
                plan,
                List.of(
                        new Throughput(
                                CHANNELS, "mpsc", "mpsc(128), 1:1", both(3, 1.5), both(2, 1.5), MESSAGE, true, ALL),
                        new Throughput(CHANNELS, "mpsc-8", "mpsc(128), 8:1", tokio(2), tokio(2), MESSAGE, true, ALL),
                        new Throughput(
                                CHANNELS,
                                "unbounded",
                                "unbounded, 1:1",
                                tokio(1.5),
                                tokio(1.5),
                                MESSAGE,
                                false,
                                NOT_GO),
                        new Throughput(CHANNELS, "ping-pong", "ping-pong", tokio(3.5), tokio(3), 0, true, ALL),
                        new Throughput(
                                CHANNELS,
                                "broadcast",
                                "broadcast to 100",
                                tokio(1),
                                tokio(1),
                                0,
                                false,
                                List.of(LATENT, TOKIO, KOTLINX, REACTOR)))));
        all.add(emptyChannel(plan));
        return all;
    }

    private static Case emptyChannel(Plan plan) {
        String title = "an empty channel(128) and its receiver";
        Row bytes = Row.lower(CHANNELS, title, "B").aims(Map.of(Row.LATENT, Aim.atMost(EMPTY_CHANNEL)));
        List<Subject> latent = TaskSystem.subjects(
                List.of(LATENT),
                plan,
                List.of(),
                List.of("empty-channel"),
                (system, figures) -> List.of(new Value(bytes, system, Program.number(figures, "bytes_per_channel"))));
        return new Case(CHANNELS, title, List.of(bytes), latent, true);
    }

    static List<Case> locks(Plan plan) {
        return cases(
                plan,
                List.of(
                        new Throughput(
                                LOCKS, "mutex", "mutex, nobody in the way", tokio(3), tokio(3), 0, false, NOT_REACTOR),
                        new Throughput(
                                LOCKS,
                                "mutex-100",
                                "mutex, 100 tasks that yield",
                                tokio(2),
                                tokio(2),
                                0,
                                false,
                                NOT_REACTOR)));
    }

    static List<Case> futures(Plan plan) {
        return cases(
                plan,
                List.of(
                        new Throughput(FUTURES, "join", "join of 10,000 yields", tokio(2), tokio(2), 0, false, ALL),
                        new Throughput(FUTURES, "timeout", "timeout of a yield", tokio(3), tokio(3), 0, false, ALL)));
    }

    private static List<Case> cases(Plan plan, List<Throughput> works) {
        return Throughput.cases(
                works.stream()
                        .filter(work -> !plan.quick() || MOST_TELLING.contains(work.word()))
                        .toList(),
                plan);
    }
}
