package dev.latent.cli.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One figure, of each system that has it.
 *
 * @param benchmark the name that the command knows
 * @param name what the figure is of, unique in its benchmark
 * @param aims what Latent's figure divided by a peer's is to be, by the peer; under {@link #LATENT} what the figure itself is to be
 * @param curve where the row belongs to one line of a plot
 * @param missing why there is no value, if that is known beforehand
 */
public record Row(
        String benchmark,
        String name,
        String unit,
        Better better,
        Map<String, Aim> aims,
        @Nullable Curve curve,
        @Nullable String missing) {
    /** The system that all others are compared with. */
    public static final String LATENT = "Latent";

    /** Which of two values one would rather have. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /**
     * A bound.
     *
     * @param least whether the value is to be at least the bound, and not at most
     */
    public record Aim(boolean least, double bound) {
        static Aim atLeast(double bound) {
            return new Aim(true, bound);
        }

        static Aim atMost(double bound) {
            return new Aim(false, bound);
        }

        /** {@return whether the value keeps within it} */
        public boolean isMetBy(double value) {
            return least ? value >= bound : value <= bound;
        }

        @Override
        public String toString() {
            return (least ? "≥ " : "≤ ") + Numbers.plain(bound);
        }
    }

    /** A place on a line: the line's name, what its x axis counts, and where on it. */
    public record Curve(String of, String axis, double x) {}

    static Row higher(String benchmark, String name, String unit) {
        return new Row(benchmark, name, unit, Better.HIGHER, Map.of(), null, null);
    }

    static Row lower(String benchmark, String name, String unit) {
        return new Row(benchmark, name, unit, Better.LOWER, Map.of(), null, null);
    }

    Row aims(Map<String, Aim> promised) {
        return new Row(benchmark, name, unit, better, promised, curve, missing);
    }

    Row on(Curve line) {
        return new Row(benchmark, name, unit, better, aims, line, missing);
    }

    Row missing(String why) {
        return new Row(benchmark, name, unit, better, aims, curve, why);
    }

    String title() {
        return name + ", " + unit;
    }
}
