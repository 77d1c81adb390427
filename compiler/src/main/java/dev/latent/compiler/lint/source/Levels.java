package dev.latent.compiler.lint.source;

import dev.latent.compiler.Rule;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The level of each rule in one build: {@code -Alatent.lint=unused-future:error,blocking-call:off}. */
public final class Levels {
    /** The option's name. */
    public static final String OPTION = "latent.lint";

    private final Map<Rule, Rule.Level> levels = new EnumMap<>(Rule.class);

    private Levels() {
        for (Rule rule : Rule.values()) {
            levels.put(rule, rule.level());
        }
    }

    /**
     * {@return the levels that {@code option} asks for}
     *
     * @param option rules and levels, {@code rule:level}, with commas between them
     * @throws IllegalArgumentException with one line for a person, when there is no such rule or level
     */
    static Levels of(String option) {
        Levels levels = new Levels();
        for (String each : option.split(",")) {
            if (!each.isBlank()) {
                levels.set(each.strip());
            }
        }
        return levels;
    }

    /** {@return the level of {@code rule}} */
    Rule.Level of(Rule rule) {
        return levels.getOrDefault(rule, rule.level());
    }

    private void set(String each) {
        int colon = each.indexOf(':');
        String id = colon < 0 ? each : each.substring(0, colon).strip();
        Rule rule = Rule.of(id)
                .orElseThrow(() -> new IllegalArgumentException("names no rule \"" + id + "\""
                        + Rule.nearest(id).map(r -> " (" + r.id() + "?)").orElse("") + "; there are "
                        + Arrays.stream(Rule.values()).map(Rule::id).collect(Collectors.joining(", "))));
        levels.put(
                rule,
                level(colon < 0 ? "" : each.substring(colon + 1).strip())
                        .orElseThrow(() -> new IllegalArgumentException("gives " + id
                                + " no level that there is; write " + id + ":off, :note, :warning or :error")));
    }

    private static Optional<Rule.Level> level(String name) {
        return Arrays.stream(Rule.Level.values())
                .filter(l -> l.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
