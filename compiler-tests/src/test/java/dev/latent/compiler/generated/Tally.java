package dev.latent.compiler.generated;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What some programs did and were made of. */
final class Tally {
    private final Map<Construct, Long> coverage = new EnumMap<>(Construct.class);
    final List<String> differences = new ArrayList<>();
    int compared;
    int tooLong;
    int tooLarge;
    int unverifiable;
    long lines;
    long suspensions;
    long drops;
    long compileNanos;

    void count(Construct construct, long n) {
        coverage.merge(construct, n, Long::sum);
    }

    void add(Tally other) {
        other.coverage.forEach(this::count);
        differences.addAll(other.differences);
        compared += other.compared;
        tooLong += other.tooLong;
        tooLarge += other.tooLarge;
        unverifiable += other.unverifiable;
        lines += other.lines;
        suspensions += other.suspensions;
        drops += other.drops;
        compileNanos += other.compileNanos;
    }

    /** {@return the constructs of which there was none} */
    List<Construct> missing() {
        List<Construct> missing = new ArrayList<>(List.of(Construct.values()));
        missing.removeAll(coverage.keySet());
        return missing;
    }

    /** {@return it all, as a page} */
    String report() {
        StringBuilder out = new StringBuilder(String.format(
                "%,d programs of %,d lines compared, at %,d suspensions; %,d drops; %,d differences; left out: %,d"
                        + " that ran too long, %,d that do not fit in a method, %,d that javac alone compiles to classes"
                        + " that do not verify.%n",
                compared, lines, suspensions, drops, differences.size(), tooLong, tooLarge, unverifiable));
        for (Construct.Family family : Construct.Family.values()) {
            out.append(String.format("%n| %s | times |%n|---|---:|%n", family.title));
            for (Construct c : Construct.values()) {
                if (c.family == family) {
                    out.append(
                            String.format("| %s | %,d |%n", c.words.replace("|", "\\|"), coverage.getOrDefault(c, 0L)));
                }
            }
        }
        return out.toString();
    }
}
