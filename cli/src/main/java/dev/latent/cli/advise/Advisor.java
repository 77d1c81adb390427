package dev.latent.cli.advise;

import static dev.latent.cli.advise.Situation.millis;

import dev.latent.cli.bench.Numbers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lesson's decision tree: is it waiting or computing, and how much of it at once? Waiting that is done together is what async is for; computing goes to
 * threads; and what is little of either is best written plainly. Between a hundred waits and a thousand the machine decides.
 */
final class Advisor {
    /** Fewer waits than that are hardly worth anything but plain code. */
    private static final int FEW = 10;

    /** More waits than that are what async is for, if the machine says so. */
    private static final int MANY = 100;

    /** More waits than that are what async is for. */
    private static final int VERY_MANY = 1_000;

    /** What is over sooner is not worth a thread. */
    private static final Duration SHORT = Duration.ofMillis(5);

    /** A longer deadline is one that comes once, a shorter one comes again and again, as that of a frame. */
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Who computes longer between two awaits keeps others waiting. */
    private static final Duration LONG_POLL = Duration.ofMillis(1);

    /** The part of the cores from which on computing is what limits. */
    private static final double FULL = 0.8;

    private static final double MINUTE = 60_000;
    private static final double HOUR = 60 * MINUTE;

    private final Situation at;
    private final @Nullable Figures figures;

    private Advisor(Situation at, @Nullable Figures figures) {
        this.at = at;
        this.figures = figures;
    }

    /** {@return what to do; {@code figures} are those of waiting, null if they were not taken} */
    static Advice advise(Situation situation, @Nullable Figures figures) {
        Advisor advisor = new Advisor(situation, figures);
        return situation.work() == Work.COMPUTE ? advisor.computing() : advisor.waiting();
    }

    // ---- computing --------------------------------------------------------------------------------------------------

    private Advice computing() {
        double total = at.concurrent() * millis(at.computing());
        Duration deadline = at.deadline();
        double least = Math.max(millis(at.computing()), total / at.cores());
        if (deadline != null && least > millis(deadline)) {
            return advice(
                    Choice.THREADS,
                    "Plain threads, and less to compute: %s do not fit into %s however they are scheduled."
                            .formatted(shown(least), shown(deadline)),
                    List.of(
                            "It computes all the time: there is no wait in which something else could run.",
                            at.concurrent() == 1
                                    ? "A piece that is longer than its deadline has to be made shorter, or split over the cores."
                                    : "%,d pieces at once are %s of computing, and on %s that takes %s at the least."
                                            .formatted(at.concurrent(), shown(total), cores(), shown(least)),
                            "A scheduler of any kind only adds to it."),
                    List.of(
                            "Less than %s of it: then a thread of its own keeps the deadline."
                                    .formatted(shown(deadline)),
                            "A deadline of more than %s.".formatted(shown(least))));
        }
        if (deadline != null && deadline.compareTo(PERIOD) <= 0) {
            return advice(
                    Choice.OWN_THREAD,
                    "A thread of its own: a loop that computes %s of every %s waits for nobody."
                            .formatted(shown(at.computing()), shown(deadline)),
                    List.of(
                            "It computes all the time: there is no wait in which something else could run.",
                            "A task among others starts when those before it are done, since nobody takes the thread from them; a thread is given its turn by the system.",
                            "What comes in and goes out (viewers, players, files) is waiting: let tasks do that, and a channel stand between."),
                    List.of(
                            "No deadline: then it is a matter of cores alone.",
                            "Steps that wait for the network: then they are not computing."));
        }
        if (total <= millis(SHORT)) {
            return advice(
                    Choice.SYNCHRONOUS,
                    "Nothing: write it synchronously; all of it takes %s.".formatted(shown(total)),
                    List.of(
                            "It computes: async makes no computing faster.",
                            "To start threads and to collect what they did takes a good part of the time they would save.",
                            deadline == null
                                    ? "Plain code is the easiest to read, to test and to debug."
                                    : "%s are done long before %s are over.".formatted(shown(total), shown(deadline))),
                    List.of("More than some %s of it at a time: then threads, one for each core."
                            .formatted(shown(SHORT))));
        }
        return advice(
                Choice.THREADS,
                "Plain threads, one for each core: this is computing, and async does not make computing faster.",
                List.of(
                        "It computes all the time: there is no wait in which something else could run.",
                        deadline == null
                                ? "%s of computing on %s take %s at the least, by whatever they are scheduled."
                                        .formatted(shown(total), cores(), shown(total / at.cores()))
                                : "%s of computing on %s take %s at the least, and %s are given: only the time they have to be ready by, no beat to keep."
                                        .formatted(shown(total), cores(), shown(total / at.cores()), shown(deadline)),
                        "A state machine, a queue and wakers cost a little and give nothing back here."),
                List.of(
                        "A program that also holds connections: then async for those, and compute(…) for this.",
                        "A deadline for each step, as in a game: then a thread of its own.",
                        "Work that can't be split: then plain code on one thread is all there is."));
    }

    // ---- waiting ----------------------------------------------------------------------------------------------------

    private Advice waiting() {
        boolean isTogether = at.each() > 1 && (at.each() - 1) * millis(at.waiting()) >= 1;
        if (at.work() == Work.FILES) {
            return at.waits() < FEW ? few() : files();
        }
        if (at.load() > FULL && at.concurrent() >= FEW) {
            return advice(
                    Choice.HAND_OVER,
                    "Computing is what limits: %,d pieces want %s of computing in every second, and there are %s."
                            .formatted(at.concurrent(), shown(at.load() * at.cores() * 1_000), cores()),
                    List.of(
                            "No way of waiting gives more cores: with less computing for each piece, or fewer pieces at once, it would be waiting again.",
                            "%,d waits at once are still best held by futures; a thread for each adds memory and switches."
                                    .formatted(at.waits()),
                            "What computes goes to a pool of as many threads as cores, by compute(…), with a limit before it; otherwise all wait for all."),
                    List.of("Pieces that compute less than %s: then the waits are what counts."
                            .formatted(shown(millis(at.computing()) * FULL / at.load()))));
        }
        if (at.blocking() && (at.waits() >= FEW || isTogether)) {
            return advice(
                    Choice.THREAD_EACH,
                    "A virtual thread for each: what you call blocks its thread, and no future changes that.",
                    List.of(
                            "A blocking call holds a thread whoever made it: async would only hand it to a pool of threads, with a hop each way.",
                            "A virtual thread that blocks gives its carrier back, and %,d of them are no trouble."
                                    .formatted(at.waits()),
                            "Bound them: with a semaphore before what can't take %,d at once.".formatted(at.waits())),
                    List.of(
                            "A client library that gives futures, or completion stages: then async.",
                            "Cancelling in the middle that has to work at once: dropping does that, an interrupt only asks."));
        }
        if (isLongPoll() && at.waits() >= FEW) {
            return advice(
                    Choice.HAND_OVER,
                    "Async for the waiting, threads for the computing.",
                    List.of(
                            "%,d waits at once: futures hold them in a few hundred bytes each.".formatted(at.waits()),
                            "Who computes %s between two awaits keeps all others on that thread waiting as long: hand it over by compute(…)."
                                    .formatted(shown(at.computing())),
                            deadline()),
                    List.of(
                            "Computing of less than %s a piece: then leave it where it is.".formatted(shown(LONG_POLL)),
                            "Computing that takes all cores: then that is what limits."));
        }
        if (isTogether) {
            return advice(
                    Choice.JOIN,
                    "Async: ask all %d at once and join; %s of waiting become %s."
                            .formatted(at.each(), shown(at.each() * millis(at.waiting())), shown(at.waiting())),
                    List.of(
                            "The %d waits of a piece need nothing of each other: one after the other they add up, at once they take as long as the slowest."
                                    .formatted(at.each()),
                            at.waits() >= MANY
                                    ? "%,d pieces at once make %,d waits: futures hold them in a few hundred bytes each.%s"
                                            .formatted(at.concurrent(), at.waits(), measured())
                                    : "With %,d waits in all a virtual thread for each does as well; what join adds is that a failure or a client that goes away cancels the others at once."
                                            .formatted(at.waits()),
                            deadline()),
                    List.of(
                            "Waits that need each other's answers: then there is nothing to join, and fewer than %d pieces are best written plainly."
                                    .formatted(FEW),
                            "Clients that block (JDBC): then a virtual thread for each, or spawnBlocking behind a bound."));
        }
        if (at.waits() < FEW) {
            return few();
        }
        if (at.waits() < MANY || at.waits() < VERY_MANY && isDear()) {
            return advice(
                    Choice.THREAD_EACH,
                    "A virtual thread for each: %,d waits at once are few enough.".formatted(at.waits()),
                    List.of(
                            "%,d threads are no trouble for memory, nor for the scheduler.%s"
                                    .formatted(at.waits(), measured()),
                            "Plain code on threads keeps debuggers, thread dumps and every library there is.",
                            deadline()),
                    List.of(
                            "Some hundred waits and more: then async, as far as this machine's figures say so.",
                            "Cancelling in the middle that has to work at once, whatever the code does: then async."));
        }
        return advice(
                Choice.ASYNC,
                "Async: %,d waits at once are what it is for.".formatted(at.waits()),
                List.of(
                        "It waits: in all that time nobody needs a thread.",
                        "A future that waits takes some hundred bytes, a thread a stack and a turn of the scheduler.%s"
                                .formatted(measured()),
                        deadline()),
                List.of(
                        "Fewer than some %d at once: then a virtual thread for each is simpler.".formatted(MANY),
                        "Libraries that block (JDBC): then virtual threads.",
                        "More than %s of computing between two waits: then hand that to threads by compute(…)."
                                .formatted(shown(LONG_POLL))));
    }

    private Advice few() {
        return advice(
                Choice.SYNCHRONOUS,
                at.waits() == 1
                        ? "Nothing: write it synchronously; there is nothing else to do while it waits."
                        : "Nothing: write it synchronously, on a thread each if they must not wait for each other.",
                List.of(
                        "%s at once: nothing is gained by an executor, and it has its price."
                                .formatted(at.waits() == 1 ? "One wait" : at.waits() + " waits"),
                        "Plain code is the easiest to read, to test and to debug.",
                        deadline()),
                List.of(
                        "Some hundred waits at once: then async.",
                        "Waits that need nothing of each other in one piece of work (--each): then ask at once and join.",
                        "A wait that must be given up in the middle with all its cleanup: dropping a future does that."));
    }

    private Advice files() {
        return advice(
                Choice.THREADS,
                "Plain threads, some more than cores: a disk answers only so many at once.",
                List.of(
                        "Reading a file holds a thread on every system's usual interface; async files are such a pool behind a future.",
                        "What lies in the page cache is there at once: a hop to a pool costs more than such a read.",
                        deadline()),
                List.of(
                        "A server that also holds connections: then async, and its files by Files of dev.latent.io, on its pool.",
                        "Fewer than %d files at once: then write it synchronously.".formatted(FEW)));
    }

    private boolean isLongPoll() {
        return at.computing().compareTo(LONG_POLL) >= 0;
    }

    /** {@return whether futures gain nothing here over threads} */
    private boolean isDear() {
        return figures != null && !figures.areFuturesCheaper("CPU µs each") && !figures.areFuturesCheaper("RSS MB");
    }

    private String measured() {
        if (figures == null) {
            return "";
        }
        Figures taken = figures;
        return taken.ratio("CPU µs each", Figures.THREADS, Figures.LATENT)
                .flatMap(cpu -> taken.ratio("RSS MB", Figures.THREADS, Figures.LATENT)
                        .map(memory -> " Here a thread for each takes %s the CPU and %s the memory of futures."
                                .formatted(times(cpu), times(memory))))
                .orElse("");
    }

    private String deadline() {
        Duration deadline = at.deadline();
        if (deadline == null) {
            return "No deadline is named; where there is one, timeout(…) gives up in time and cleans up.";
        }
        if (at.waiting().compareTo(deadline) > 0) {
            return "No way of waiting makes %s shorter than the deadline of %s: give up with timeout(…), and say what is missing."
                    .formatted(shown(at.waiting()), shown(deadline));
        }
        double alone = millis(at.waiting()) * at.each() + millis(at.computing());
        return alone > millis(deadline)
                ? "One after the other it takes %s, and the deadline is %s.".formatted(shown(alone), shown(deadline))
                : "The deadline of %s is kept either way; timeout(…) for when it is not.".formatted(shown(deadline));
    }

    private static Advice advice(Choice choice, String verdict, List<String> why, List<String> changes) {
        return new Advice(choice, verdict, why, changes);
    }

    private String cores() {
        return at.cores() == 1 ? "one core" : at.cores() + " cores";
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, ratio >= 10 ? "%.0f×" : "%.1f×", ratio);
    }

    private static String shown(Duration duration) {
        return shown(millis(duration));
    }

    /** {@return as people say it} */
    static String shown(double millis) {
        if (millis >= 2 * HOUR) {
            return trimmed(Numbers.shown(millis / HOUR)) + " h";
        }
        if (millis >= 2 * MINUTE) {
            return trimmed(Numbers.shown(millis / MINUTE)) + " min";
        }
        if (millis >= 1_000) {
            return trimmed(Numbers.shown(millis / 1_000)) + " s";
        }
        return millis >= 1 ? trimmed(Numbers.shown(millis)) + " ms" : trimmed(Numbers.shown(millis * 1_000)) + " µs";
    }

    private static String trimmed(String number) {
        return number.indexOf('.') < 0 ? number : number.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
