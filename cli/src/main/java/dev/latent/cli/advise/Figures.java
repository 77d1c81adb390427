package dev.latent.cli.advise;

import dev.latent.cli.lab.Waiting;
import java.util.List;
import java.util.Optional;

/**
 * What was measured here.
 *
 * @param title what was done
 * @param head what the columns are called
 * @param rows a way each
 */
public record Figures(String title, List<String> head, List<Row> rows) {
    /** The word for futures on all cores. */
    static final String LATENT = Waiting.LATENT.shown();

    /** The word for a thread each. */
    static final String THREADS = Waiting.THREADS.shown();

    /** What is less apart than that is called equal. */
    private static final double CLEARLY = 1.15;

    /** A way, and a figure for each column but the first. */
    public record Row(String way, List<Double> figures) {}

    /** {@return the figure, if it was measured} */
    Optional<Double> figure(String way, String column) {
        int at = head.indexOf(column) - 1;
        return rows.stream()
                .filter(row -> row.way.equals(way) && at >= 0)
                .map(row -> row.figures.get(at))
                .findFirst();
    }

    /** {@return how many times the figure of one way that of the other is, if both were measured} */
    Optional<Double> ratio(String column, String way, String other) {
        return figure(way, column).flatMap(a -> figure(other, column).map(b -> a / b));
    }

    /** {@return whether futures take clearly less of that than a thread for each; not when it was not measured} */
    boolean areFuturesCheaper(String column) {
        return ratio(column, THREADS, LATENT).filter(times -> times > CLEARLY).isPresent();
    }
}
