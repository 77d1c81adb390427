package keyvalue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/** Who listens to what. A topic is there as long as somebody does. */
final class Topics {
    /** In the order in which they came, so that a test from one seed sees one course. */
    private final ConcurrentHashMap<String, Set<Outbox>> subscribers = new ConcurrentHashMap<>();

    void subscribe(String topic, Outbox subscriber) {
        subscribers.compute(topic, (_, known) -> { // under its lock, so that no set is dropped and added to at once
            Set<Outbox> all = known == null ? new CopyOnWriteArraySet<>() : known;
            all.add(subscriber);
            return all;
        });
    }

    void unsubscribe(String topic, Outbox subscriber) {
        subscribers.computeIfPresent(topic, (_, all) -> {
            all.remove(subscriber);
            return all.isEmpty() ? null : all;
        });
    }

    /** {@return how many were told; nobody waits for a slow one} */
    int publish(String topic, String text) {
        int told = 0;
        for (Outbox subscriber : subscribers.getOrDefault(topic, Set.of())) {
            told += subscriber.offer("MESSAGE " + topic + " " + text) ? 1 : 0;
        }
        return told;
    }

    int size() {
        return subscribers.size();
    }
}
