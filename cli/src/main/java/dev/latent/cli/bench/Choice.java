package dev.latent.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the cases is wanted.
 *
 * @param systems none for all
 * @param rows what a title contains, null for all
 * @param quick whether slow systems are left out where none is named
 */
public record Choice(List<String> systems, @Nullable String rows, boolean quick) {
    /**
     * Picks.
     *
     * @throws IllegalArgumentException if nothing is left, or a system is unknown
     */
    public List<Case> of(List<Case> cases) {
        Set<String> known = new LinkedHashSet<>();
        cases.forEach(one -> one.subjects().forEach(subject -> known.add(subject.name())));
        for (String system : systems) {
            if (!known.contains(system)) {
                throw new IllegalArgumentException(
                        "there is no system %s here; there are %s".formatted(system, String.join(", ", known)));
            }
        }
        List<Case> chosen = new ArrayList<>();
        for (Case one : cases) {
            List<Subject> wanted =
                    one.subjects().stream().filter(this::isWanted).toList();
            boolean isEmptied = wanted.isEmpty() && !one.subjects().isEmpty();
            if (!isEmptied && (rows == null || one.title().contains(rows))) {
                chosen.add(one.with(wanted));
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("nothing has \"%s\" in its title; there are: %s"
                    .formatted(
                            rows,
                            String.join("; ", cases.stream().map(Case::title).toList())));
        }
        return chosen;
    }

    private boolean isWanted(Subject subject) {
        return systems.isEmpty()
                ? !quick || !Benchmark.slow().contains(subject.name())
                : systems.contains(subject.name());
    }

    /** {@return each system's commands, for people to run them alone} */
    public static String commands(List<Case> cases) {
        StringBuilder text = new StringBuilder();
        for (Case one : cases) {
            text.append(one.benchmark()).append(": ").append(one.title()).append('\n');
            for (Subject subject : one.subjects()) {
                text.append("  ").append(subject.name()).append('\n');
                subject.commands()
                        .forEach(command -> text.append("    ").append(command).append('\n'));
            }
        }
        return text.toString();
    }
}
