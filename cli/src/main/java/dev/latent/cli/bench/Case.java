package dev.latent.cli.bench;

import java.util.List;

/**
 * A workload that several systems do in turn, one right after the other.
 *
 * @param once whether one round is enough, since it counts and does not time
 */
public record Case(String benchmark, String title, List<Row> rows, List<Subject> subjects, boolean once) {
    Case(String benchmark, String title, List<Row> rows, List<Subject> subjects) {
        this(benchmark, title, rows, subjects, false);
    }

    Case with(List<Subject> others) {
        return new Case(benchmark, title, rows, others, once);
    }
}
