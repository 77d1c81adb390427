package dev.latent.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Of values, one for each round; null where a round has none. */
public final class Statistics {
    private Statistics() {}

    /** {@return the middle one, or what lies between the middle two} */
    public static OptionalDouble median(List<? extends @Nullable Double> values) {
        List<Double> sorted = new ArrayList<>();
        for (Double value : values) {
            if (value != null) {
                sorted.add(value);
            }
        }
        if (sorted.isEmpty()) {
            return OptionalDouble.empty();
        }
        Collections.sort(sorted);
        int half = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
    }

    static OptionalDouble min(List<@Nullable Double> values) {
        return values.stream()
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .min();
    }

    static OptionalDouble max(List<@Nullable Double> values) {
        return values.stream()
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max();
    }

    /** {@return the median over the rounds of a value divided by the other one of the same round} */
    static OptionalDouble ratio(List<@Nullable Double> values, List<@Nullable Double> others) {
        List<@Nullable Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), others.size()); i++) {
            Double a = values.get(i);
            Double b = others.get(i);
            ratios.add(a == null || b == null || b == 0 ? null : a / b);
        }
        return median(ratios);
    }
}
