package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Builds what is missing, then lets the systems take turns: each round runs every case once, in a case one system right after the
 * other, and every round another one first. A system that fails once in a case does not run there again.
 */
public final class Runner {
    private final Plan plan;
    private final Children children;
    private final Progress progress = new Progress();
    private final PrintStream err;
    private final Set<Run> out = new HashSet<>();
    private long begun;

    /** What it has to say beside the progress goes to {@code err}. */
    public Runner(Plan plan, Children children, PrintStream err) {
        this.plan = plan;
        this.children = children;
        this.err = err;
    }

    /**
     * Runs all cases.
     *
     * @param limit no run begins that would, by how long it took before, end later than this
     */
    public Results run(List<Case> cases, int rounds, Duration limit) throws Failure, InterruptedException {
        Results results = Results.of(cases);
        try {
            List<Case> possible = build(cases, results);
            measure(possible, rounds, limit, results);
        } finally {
            progress.end();
        }
        return results;
    }

    private void say(String what) {
        progress.end();
        err.println(what);
    }

    private List<Case> build(List<Case> cases, Results results) throws Failure, InterruptedException {
        Workshop workshop = new Workshop(plan, children, this::say);
        Map<String, Set<String>> without = new LinkedHashMap<>();
        List<Case> possible = new ArrayList<>();
        for (Case one : cases) {
            List<Subject> able = new ArrayList<>();
            for (Subject subject : one.subjects()) {
                String reason = null;
                for (Part part : subject.parts()) {
                    String why = workshop.missing(part);
                    reason = reason == null ? why : reason;
                }
                if (reason == null) {
                    able.add(subject);
                } else {
                    without.computeIfAbsent(reason, r -> new LinkedHashSet<>())
                            .add(subject.name() + " in " + one.benchmark());
                }
            }
            if (!able.isEmpty()) {
                possible.add(one.with(able));
            }
        }
        results.failures.addAll(workshop.failures());
        without.forEach((reason, what) -> {
            String note = reason + "; left out: " + String.join(", ", what);
            results.notes.add(note);
            say(note);
        });
        return possible;
    }

    private void stopIfClosing() throws Failure {
        if (children.isClosing()) {
            throw new Failure("interrupted");
        }
    }

    /** One run of one system. */
    private record Run(Case of, Subject subject) {
        @Override
        public String toString() {
            return of.benchmark() + ": " + of.title() + ": " + subject.name();
        }
    }

    private static List<Run> turn(List<Case> cases, int round) {
        List<Run> runs = new ArrayList<>();
        for (Case one : cases) {
            int n = one.subjects().size();
            for (int i = 0; i < n && (round == 0 || !one.once()); i++) {
                runs.add(new Run(one, one.subjects().get((i + round) % n)));
            }
        }
        return runs;
    }

    private void measure(List<Case> cases, int rounds, Duration limit, Results results)
            throws Failure, InterruptedException {
        begun = System.nanoTime();
        int all = turn(cases, 0).size() + (rounds - 1) * turn(cases, 1).size();
        int done = 0;
        Map<Run, Long> took = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            List<Run> runs = turn(cases, round);
            for (Run run : runs) {
                long start = System.nanoTime();
                if (start - begun + took.getOrDefault(run, 0L) > limit.toNanos()) {
                    if (round == 0) {
                        late(runs.subList(runs.indexOf(run), runs.size()), results);
                    }
                    return;
                }
                progress.now("round %d of %d, run %d of %d, %s  %s"
                        .formatted(round + 1, rounds, ++done, all, elapsed(), run));
                run(run, round, results);
                took.put(run, System.nanoTime() - start);
            }
        }
    }

    private void late(List<Run> runs, Results results) {
        results.notes.add(
                "no time was left for " + runs.stream().map(Run::toString).collect(Collectors.joining("; ")));
        say(results.notes.getLast());
    }

    private String elapsed() {
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        return "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private void run(Run run, int round, Results results) throws Failure, InterruptedException {
        if (out.contains(run)) {
            return;
        }
        try {
            for (Subject.Value value : run.subject().run(children)) {
                results.add(value, round, run.subject().commands());
            }
        } catch (Failure e) {
            stopIfClosing();
            out.add(run);
            results.failures.add(run + ": " + e.getMessage());
            say("FAILED " + results.failures.getLast());
        }
    }
}
