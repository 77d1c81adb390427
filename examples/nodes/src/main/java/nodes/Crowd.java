package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Persons in rooms of ten, whose members are spread over the nodes. They talk on a schedule that does not wait for anybody, and leave when all have heard everything.
 *
 * <p>On one thread: nothing here is shared.
 */
final class Crowd {
    static final int ROOM = 10;
    private static final int TOLD_ERRORS = 5;

    /** Persons who come at the same time. */
    private static final Duration APART = Duration.ofMillis(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    /** Of the golden section: spreads people evenly over an interval, neighbours far apart. */
    private static final double SPREAD = 0.6180339887498949;

    final CompletableFuture<Long> go = new CompletableFuture<>();
    final CompletableFuture<Void> leave = new CompletableFuture<>();

    /** Of each person, the last line that went out. */
    final Map<Integer, Integer> mostSent = new HashMap<>();

    final Map<String, Integer> troubles = new TreeMap<>();
    final Set<String> errors = new LinkedHashSet<>();

    long said;
    long saidAgain;
    long heardTwice;
    long missed;
    long shown;
    int lost;
    int back;
    int served;
    int errorCount;
    long killedAt;

    /** From a line's time to its being shown, where neither speaker nor reader had lost their node; and where one had. */
    final Histogram undisturbed = new Histogram(3);

    final Histogram disturbed = new Histogram(3);

    /** From the kill to the welcome at another node. */
    final Histogram away = new Histogram(3);

    final int lines;
    final double interval;
    private final List<Person> people = new ArrayList<>();
    private int welcomed;
    private int complete;

    /**
     * A crowd.
     *
     * @param lines that each says
     * @param interval in seconds, between two lines of one person
     */
    Crowd(List<URI> servers, int connections, int lines, double interval) {
        this.lines = lines;
        this.interval = interval;
        for (int i = 0; i < connections; i++) {
            int room = Math.min(ROOM, connections - i / ROOM * ROOM);
            people.add(new Person(this, i, servers, room * lines));
        }
    }

    /** {@return a future that ends when all have left} */
    Future<Void> run() {
        return scopeDo(all -> {
            for (Person person : people) {
                all.spawn(person.live());
                all.spawn(person.talk(lines, interval, person.id * SPREAD % 1));
                await(sleep(APART));
            }
        });
    }

    /** {@return a future that is ready when all are there; from then on they talk} */
    Future<Void> begun() {
        return async(() -> {
            while (welcomed < people.size()) {
                await(sleep(LOOK));
            }
            go.complete(System.nanoTime());
        });
    }

    int welcomed() {
        return welcomed;
    }

    int size() {
        return people.size();
    }

    long expected() {
        return people.stream().mapToLong(person -> person.expected).sum();
    }

    /** {@return how many have not heard everything} */
    int incomplete() {
        return people.size() - complete;
    }

    /** Tells who has not heard everything. */
    void timeIsUp() {
        errors.add(incomplete() + " have not heard everything");
        people.stream()
                .filter(person -> !person.isComplete())
                .limit(TOLD_ERRORS)
                .forEach(person -> errors.add(person.toString()));
    }

    void welcome(Person person, boolean again) {
        if (again) {
            back++;
            if (killedAt != 0) {
                away.recordValue(System.nanoTime() - killedAt);
            }
        } else {
            welcomed++;
        }
    }

    void shown(Person reader, int speaker, long due) {
        shown++;
        boolean isDisturbed = reader.hasLost || people.get(speaker).hasLost;
        (isDisturbed ? disturbed : undisturbed).recordValue(Math.max(0, System.nanoTime() - due));
    }

    void complete() {
        if (++complete == people.size()) {
            leave.complete(null);
        }
    }

    void error(Person person, String what) {
        errorCount++;
        if (errors.size() < TOLD_ERRORS) {
            errors.add(person.id + " " + what);
        }
    }
}
