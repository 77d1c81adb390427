package dev.latent.compiler.lint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The list of what blocks a thread: {@code blocking-calls.txt}, and what the build adds to it or takes from it. */
final class BlockingCalls {
    static final String OPTION = "latent.blocking";

    /** What to do where the list does not say. */
    static final String ELSEWHERE = "hand it to another thread: await(spawnBlocking(() -> …))";

    /** The same for what gives nothing. */
    static final String ELSEWHERE_IN_VOID =
            "hand it to another thread: await(spawnBlocking(() -> { …; return null; }))";

    /** Stands for what the method is called on. */
    static final String RECEIVER = "$";

    private static final Pattern LINE = Pattern.compile("(-?)([\\w.$]+)#(\\w+\\*?|\\*)(?:/(\\d+))?(?:\\s+(.+))?");

    /** A member that blocks; {@code arguments} is -1 for any number. */
    record Entry(String type, String member, int arguments, String instead) {
        private boolean isCalled(String name, int count) {
            boolean same = member.endsWith("*")
                    ? name.startsWith(member.substring(0, member.length() - 1))
                    : name.equals(member);
            return same && (arguments < 0 || arguments == count);
        }
    }

    private final List<Entry> withStar = new ArrayList<>();
    private final Map<String, List<Entry>> byMember = new HashMap<>();

    private BlockingCalls() {}

    /**
     * {@return the list that a build wants}
     *
     * @param option entries with commas between them: one to add, one to take away after a minus, or {@code @file} with one a line
     * @throws IllegalArgumentException with one line for a person
     */
    static BlockingCalls of(String option) {
        BlockingCalls calls = new BlockingCalls();
        Listing.of("blocking-calls.txt", option).forEach(calls::add);
        return calls;
    }

    private void add(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "has no entry \"" + line + "\"; write type#method, type#*, -type#method or @file");
        }
        String member = parts.group(3);
        List<Entry> list = member.endsWith("*") ? withStar : byMember.computeIfAbsent(member, m -> new ArrayList<>());
        if (parts.group(1).isEmpty()) {
            int arguments = parts.group(4) == null ? -1 : Integer.parseInt(parts.group(4));
            String instead = parts.group(5);
            list.add(new Entry(
                    parts.group(2), member, arguments, instead == null ? ELSEWHERE : "write " + instead + " instead"));
        } else {
            list.removeIf(e -> e.type.equals(parts.group(2)) && e.member.equals(member));
        }
    }

    /** {@return the entry for a call of {@code member}, where {@code isA} knows its type, or null} */
    @Nullable
    Entry find(String member, int arguments, Predicate<String> isA) {
        for (List<Entry> entries : Arrays.asList(byMember.getOrDefault(member, List.of()), withStar)) {
            for (Entry entry : entries) {
                if (entry.isCalled(member, arguments) && isA.test(entry.type)) {
                    return entry;
                }
            }
        }
        return null;
    }
}
