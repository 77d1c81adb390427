package dev.latent.web.clients;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What has been seen, counted by name. Thread-safe. */
final class Tally {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Long> counts = new TreeMap<>();

    void add(String name) {
        add(name, 1);
    }

    synchronized void add(String name, long more) {
        counts.merge(name, more, Long::sum);
        notifyAll();
    }

    synchronized long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** Waits until {@code name} has come to {@code count}. */
    synchronized void until(String name, long count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (of(name) != count) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("not " + count + " of " + name + ", but\n" + this);
            }
            wait(left);
        }
    }

    /** A line for each name. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((name, count) ->
                text.append(name.strip()).append(": ").append(count).append('\n'));
        return text.toString();
    }
}
