package dev.latent.compiler.lint.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known at one place of a body, each fact by its key.
 *
 * <p>Paths that come together may disagree. What only some of them say is believed as long as the flow goes straight on, since whoever took
 * the one path gets there. It is not believed in a branch, whose condition may be about that very path: hence the depth of
 * branching down to which a fact counts.
 */
final class Facts<K, V> {
    private static final int EVERY_PATH = Integer.MAX_VALUE;

    private record Fact<V>(V value, int depth) {}

    private final Map<K, Fact<V>> facts;

    Facts() {
        this(new LinkedHashMap<>());
    }

    private Facts(Map<K, Fact<V>> facts) {
        this.facts = facts;
    }

    Facts<K, V> copy() {
        return new Facts<>(new LinkedHashMap<>(facts));
    }

    void put(K key, V value) {
        facts.put(key, new Fact<>(value, EVERY_PATH));
    }

    /** For what may be so or not, by a condition that ends here. */
    void putMaybe(K key, V value, int depth) {
        facts.put(key, new Fact<>(value, depth));
    }

    void remove(K key) {
        facts.remove(key);
    }

    /** {@return what counts for {@code key} at {@code depth}, or null} */
    @Nullable
    V get(K key, int depth) {
        Fact<V> fact = facts.get(key);
        return fact != null && fact.depth >= depth ? fact.value : null;
    }

    /** Puts another value for each that counts at {@code depth}; what is as sure stays so. */
    void change(int depth, BiFunction<K, V, V> change) {
        facts.replaceAll(
                (key, fact) -> fact.depth >= depth ? new Fact<>(change.apply(key, fact.value), fact.depth) : fact);
    }

    /**
     * {@return what is known where {@code ends} come together, or null where none of them gets there}
     *
     * @param ends of the branches; null for one that left, which takes with it those for whom the less sure facts may have been so
     */
    static <K, V> @Nullable Facts<K, V> join(List<? extends @Nullable Facts<K, V>> ends, int depth) {
        List<Facts<K, V>> alive = new ArrayList<>();
        for (Facts<K, V> end : ends) {
            if (end != null) {
                alive.add(end);
            }
        }
        if (alive.isEmpty()) {
            return null;
        }
        Map<K, Fact<V>> joined = new LinkedHashMap<>();
        for (Facts<K, V> end : alive) {
            end.facts.forEach((key, fact) -> {
                if (alive.stream().allMatch(a -> a.isSure(key))) {
                    joined.putIfAbsent(key, fact);
                } else if (fact.depth > depth || alive.stream().allMatch(a -> a.facts.containsKey(key))) {
                    joined.merge(
                            key,
                            new Fact<>(fact.value, Math.min(depth, fact.depth)),
                            (a, b) -> a.depth <= b.depth ? a : b);
                } // else it was unsure before, and one branch has settled it: mostly by the same condition.
            });
        }
        Facts<K, V> facts = new Facts<>(joined);
        return alive.size() < ends.size() ? facts.sure() : facts;
    }

    private boolean isSure(K key) {
        Fact<V> fact = facts.get(key);
        return fact != null && fact.depth == EVERY_PATH;
    }

    /** Lets no fact count further in than {@code depth}. */
    void weaken(int depth) {
        facts.replaceAll((key, fact) -> new Fact<>(fact.value, Math.min(depth, fact.depth)));
    }

    /** Makes each fact as sure as {@code before}, if it has been one since; of what is new, only what is sure stays. */
    void strengthen(Facts<K, V> before) {
        facts.entrySet().removeIf(e -> e.getValue().depth < EVERY_PATH && !before.facts.containsKey(e.getKey()));
        facts.replaceAll((key, fact) -> {
            Fact<V> was = before.facts.get(key);
            return was != null && was.value == fact.value ? was : fact;
        });
    }

    /** {@return these without what not every path says} */
    Facts<K, V> sure() {
        facts.values().removeIf(f -> f.depth < EVERY_PATH);
        return this;
    }
}
