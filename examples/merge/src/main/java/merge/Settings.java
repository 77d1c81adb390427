package merge;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the databases are, and how much of them is taken.
 *
 * @param urls of all five
 * @param deadlines of all five
 * @param connections to each, at most
 * @param line questions that wait for one, at most, for each
 */
record Settings(Map<Kind, String> urls, Map<Kind, Duration> deadlines, int connections, int line) {
    static final int CONNECTIONS = 8;
    static final int LINE = 64;

    Settings {
        urls = Map.copyOf(urls);
        deadlines = Map.copyOf(deadlines);
    }

    /** {@return these databases, with deadlines and bounds as they are where nobody says otherwise} */
    static Settings of(Map<Kind, String> urls) {
        Map<Kind, Duration> deadlines = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            deadlines.put(kind, kind.deadline);
        }
        return new Settings(urls, deadlines, CONNECTIONS, LINE);
    }
}
