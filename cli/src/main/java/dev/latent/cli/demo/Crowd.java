package dev.latent.cli.demo;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Scope;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * People in rooms of ten. Each says a line every so often, on a schedule that does not wait for the server, and stays until it has
 * heard every line of its room, in order. Latency counts from the moment a line was due, so a late load is not hidden; then all leave at once.
 *
 * <p>On one thread: nothing here is shared.
 */
final class Crowd {
    static final int ROOM = 10;

    /** Connections being made at one time: below the listener's backlog, so that none has to be tried again. */
    private static final int CONNECTORS = 40;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final int TOLD_ERRORS = 5;

    /** Lines that reach somebody, in a second, over all: what a busy evening is, not what the server can take. */
    private static final int DELIVERIES_PER_SECOND = 20_000;

    /** The fastest that one person speaks. */
    private static final double LEAST_INTERVAL = 0.1;

    /** Of the golden section: spreads people evenly over an interval, neighbours far apart. */
    private static final double SPREAD = 0.6180339887498949;

    final int connections;
    final Set<String> errors = new LinkedHashSet<>();
    int arrived;
    int failed;
    long received;

    /** Why nobody came any more, where it is to find out how many there can be. */
    String stopped = "";

    private final List<URI> servers;
    private final double seconds;
    private final boolean isReaching;
    private final Histogram latency = new Histogram(3);

    /** Of each room, who is there. */
    private final int[] inRoom;

    private int next;

    /** Who comes is below it. */
    private int most;

    private int connectors;
    private int lines;

    /** Who has yet to hear everything. Nobody leaves before, so that goodbyes are not measured as if they were talk. */
    private int staying;

    private final CompletableFuture<Void> leave = new CompletableFuture<>();
    private int served;
    private int errorCount;
    private long said;
    private long begun;
    private long ended;

    /**
     * A crowd.
     *
     * @param seconds that they talk
     * @param isReaching whether the first who can't come is the last, and no error; then those talk whose rooms are full
     */
    Crowd(List<URI> servers, int connections, double seconds, boolean isReaching) {
        this.servers = servers;
        this.connections = connections;
        this.seconds = seconds;
        this.isReaching = isReaching;
        this.inRoom = new int[(connections + ROOM - 1) / ROOM];
        this.most = connections;
        this.connectors = Math.min(CONNECTORS, connections);
    }

    /** {@return a future that is ready when all have gone; they begin to speak when {@code go} tells the time} */
    Future<Void> run(CompletableFuture<Long> go) {
        return scopeDo(Scope.OnFailure.REPORT, people -> {
            for (int i = connectors; i > 0; i--) {
                people.spawn(arrive(people, go));
            }
        });
    }

    /** {@return a future that lets them speak as soon as nobody is to come any more} */
    Future<Void> openWhenAllThere(CompletableFuture<Long> go) {
        return async(() -> {
            while (!isComplete()) {
                await(sleep(LOOK));
            }
            go.complete(System.nanoTime());
        });
    }

    /** {@return whether nobody is to come any more} */
    boolean isComplete() {
        return connectors == 0;
    }

    /** Nobody comes any more. */
    void enough(String why) {
        if (next < most) {
            most = next;
            stopped = why;
        }
    }

    private Future<Void> arrive(Scope people, CompletableFuture<Long> go) {
        return async(() -> {
            while (next < most) {
                int id = next++;
                try {
                    URI uri = servers.get(id % servers.size());
                    WebSocket socket = await(timeout(CONNECT_LIMIT, WebSocket.connect(uri)));
                    await(socket.send("{\"join\":\"room " + id / ROOM + "\",\"nick\":\"" + id + "\"}"));
                    String welcome = text(await(timeout(CONNECT_LIMIT, socket.receive())));
                    if (!welcome.startsWith("{\"welcome\"")) {
                        throw new IllegalStateException("not welcome: " + welcome);
                    }
                    arrived++;
                    inRoom[id / ROOM]++;
                    staying++;
                    people.spawn(stay(id, socket, go));
                } catch (Exception e) {
                    failed++;
                    if (isReaching) {
                        enough(told(e));
                    } else {
                        error(e);
                    }
                }
            }
            connectors--;
        });
    }

    private Future<Void> stay(int id, WebSocket socket, CompletableFuture<Long> go) {
        return async(() -> {
            try (socket) {
                try {
                    await(select(ignore(socket), Futures.observe(go)));
                    if (isWhole(id / ROOM)) {
                        lines = lines();
                        await(join(listen(id, socket), speak(id, socket, go)));
                    }
                } finally {
                    if (--staying == 0) {
                        leave.complete(null);
                    }
                }
                await(Futures.observe(leave));
                await(socket.send("{\"leave\":\"please\"}"));
                while (true) {
                    await(socket.receive());
                }
            } catch (WebSocketClosed e) {
                if (e.code() == WebSocketClosed.NORMAL) {
                    served++;
                } else {
                    error(e);
                }
            } catch (Exception e) {
                error(e);
            }
        });
    }

    private boolean isWhole(int room) {
        return !isReaching || inRoom[room] == people(room);
    }

    private int people(int room) {
        return Math.min(ROOM, connections - room * ROOM);
    }

    /** {@return how many each says} */
    private int lines() {
        return Math.max(1, (int) Math.round(lasts() / Math.max(LEAST_INTERVAL, turn())));
    }

    /** {@return the seconds in which each can say a line} */
    private double turn() {
        return (double) (isReaching ? arrived : connections) * ROOM / DELIVERIES_PER_SECOND;
    }

    /** {@return for how many seconds they talk: as was said, but for a turn of as many as there came to be} */
    double lasts() {
        return isReaching ? Math.max(seconds, turn()) : seconds;
    }

    /** Until they talk: who has come. Never ends. */
    private static Future<Void> ignore(WebSocket socket) {
        return async(() -> {
            while (true) {
                await(socket.receive());
            }
        });
    }

    private Future<Void> speak(int id, WebSocket socket, CompletableFuture<Long> go) {
        return async(() -> {
            long start = await(Futures.observe(go));
            begun = start;
            double offset = id * SPREAD % 1;
            double interval = lasts() / lines;
            for (int i = 0; i < lines; i++) {
                long due = start + (long) ((i + offset) * interval * 1e9);
                long early = due - System.nanoTime();
                if (early > 0) {
                    await(sleep(Duration.ofNanos(early)));
                }
                await(socket.send("{\"say\":\"" + id + " " + i + " " + due + "\"}"));
                said++;
            }
        });
    }

    /** Ends when every line of the room has been heard. */
    private Future<Void> listen(int id, WebSocket socket) {
        return async(() -> {
            int first = id / ROOM * ROOM;
            int[] heard = new int[Math.min(ROOM, connections - first)];
            int missing = heard.length * lines;
            while (missing > 0) {
                String text = text(await(socket.receive()));
                int at = text.indexOf("\"say\":\"");
                if (at >= 0) {
                    String[] words =
                            text.substring(at + 7, text.indexOf('"', at + 7)).split(" ");
                    int speaker = Integer.parseInt(words[0]) - first;
                    if (heard[speaker]++ != Integer.parseInt(words[1])) {
                        throw new IllegalStateException("a line was lost, or out of order: " + text);
                    }
                    ended = System.nanoTime();
                    latency.recordValue(Math.max(0, ended - Long.parseLong(words[2])));
                    received++;
                    missing--;
                }
            }
        });
    }

    private static String text(Message message) {
        return switch (message) {
            case Message.Text(var text) -> text;
            case Message.Binary _ -> "";
        };
    }

    private void error(Exception e) {
        errorCount++;
        if (errors.size() < TOLD_ERRORS) {
            errors.add(told(e));
        }
    }

    private static String told(Exception e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private long expected() {
        long expected = 0;
        for (int room = 0; room < inRoom.length; room++) {
            long people = isWhole(room) ? people(room) : 0;
            expected += people * people * lines();
        }
        return expected;
    }

    /** {@return all that there is to tell, as words} */
    String result() {
        return String.format(
                Locale.ROOT,
                "result held=%d served=%d said=%d received=%d expected=%d errors=%d seconds=%.3f p50=%.3f p99=%.3f"
                        + " p999=%.3f max=%.3f",
                arrived,
                served,
                said,
                received,
                expected(),
                errorCount,
                Math.max(0, ended - begun) / 1e9,
                millis(50),
                millis(99),
                millis(99.9),
                latency.getMaxValue() / 1e6);
    }

    private double millis(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e6;
    }
}
