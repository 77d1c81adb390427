package keyvalue;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Texts by their keys, some of which end. Every operation is one step, whichever threads the clients' tasks run on.
 *
 * <p>It has no clock: whoever asks says what time it is, in nanoseconds of the executor's, so that a test's may be virtual.
 */
final class Store {
    /** @param end when it is over, null for never */
    private record Entry(String text, @Nullable Long end) {
        boolean isOver(long now) {
            return end != null && now - end >= 0;
        }
    }

    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    @Nullable
    String get(String key, long now) {
        Entry entry = live(entries.get(key), now);
        return entry == null ? null : entry.text;
    }

    void set(String key, String text) {
        entries.put(key, new Entry(text, null));
    }

    boolean delete(String key, long now) {
        return live(entries.remove(key), now) != null;
    }

    /** {@return the number behind the one that was there; 1 where there was none} */
    long increment(String key, long now) {
        Entry next = entries.compute(key, (_, before) -> {
            Entry entry = live(before, now);
            return entry == null
                    ? new Entry("1", null)
                    : new Entry(String.valueOf(Math.addExact(Long.parseLong(entry.text), 1)), entry.end);
        });
        return Long.parseLong(next.text);
    }

    /** {@return whether it is there, and so will end} */
    boolean expire(String key, long seconds, long now) {
        long end = now + TimeUnit.SECONDS.toNanos(seconds);
        return entries.computeIfPresent(key, (_, entry) -> entry.isOver(now) ? null : new Entry(entry.text, end))
                != null;
    }

    /** {@return the seconds that are left to it, begun ones too; -1 where it does not end; null where it is not there} */
    @Nullable
    Long timeToLive(String key, long now) {
        Entry entry = live(entries.get(key), now);
        if (entry == null) {
            return null;
        }
        return entry.end == null ? -1 : Math.ceilDiv(entry.end - now, TimeUnit.SECONDS.toNanos(1));
    }

    /** Forgets what is over; nobody sees a difference but the memory. */
    void sweep(long now) {
        entries.values().removeIf(entry -> entry.isOver(now));
    }

    int size() {
        return entries.size();
    }

    private static @Nullable Entry live(@Nullable Entry entry, long now) {
        return entry == null || entry.isOver(now) ? null : entry;
    }
}
