package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.sync.Notify;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A client that misses nothing, and checks it: it says its lines, numbered, and says again after a loss what it has not heard of them; it shows the lines of each speaker of its room in order, each once, and
 * knows when one is missing.
 *
 * <p>All persons are of one thread.
 */
final class Person {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Crowd crowd;
    final int id;
    private final String room;
    private final WebSocketClient client;

    /** Whether it has lost its node. */
    boolean hasLost;

    /** Lines that it has to hear. */
    final int expected;

    private final Notify toSay = Notify.create();
    private final ArrayDeque<String> outbox = new ArrayDeque<>();
    private int numbered;

    /** Of the last line of its own that it has heard. */
    private int heardOfMine;

    private long seen;
    private String log = "";
    private String me = "";

    /** Of each speaker, by what others see of them, the last line shown. */
    private final Map<String, Integer> shown = new HashMap<>();

    private int left;
    private boolean welcomed;

    /** Whether it was told that the bus did not take a line. */
    private boolean refused;

    /** Whether it was in its room before. */
    private boolean wasWelcome;

    Person(Crowd crowd, int id, List<URI> servers, int expected) {
        this.crowd = crowd;
        this.id = id;
        this.room = "room " + id / Crowd.ROOM;
        int nodes = servers.size();
        this.expected = expected;
        this.left = expected;
        WebSocketClient to = WebSocketClient.to(servers.get(id % nodes));
        for (int i = 1; i < nodes; i++) {
            to.or(servers.get((id + i) % nodes));
        }
        this.client = to;
    }

    /** {@return a future that ends when it has heard every line of its room, and all others have, and it has left} */
    Future<Void> live() {
        return async(() -> {
            await(client.stayConnected(FIRST, LONGEST, session -> {
                welcomed = false;
                refused = false;
                if (session.lost() != null && wasWelcome) {
                    crowd.lost++;
                    hasLost = true;
                }
                WebSocket socket = session.socket();
                await(select(listen(socket), speak(socket), Futures.observe(crowd.leave)));
                await(socket.send("{\"leave\":\"please\"}"));
                while (true) {
                    await(socket.receive()); // until it is closed in good order
                }
            }));
            crowd.served++;
        });
    }

    /** Its lines, each at its time. */
    Future<Void> talk(int lines, double interval, double offset) {
        return async(() -> {
            long start = await(Futures.observe(crowd.go));
            for (int i = 0; i < lines; i++) {
                long due = start + (long) ((i + offset) * interval * 1e9);
                long early = due - System.nanoTime();
                if (early > 0) {
                    await(sleep(Duration.ofNanos(early)));
                }
                numbered++;
                outbox.add("{\"say\":\"" + id + " " + numbered + " " + due + "\",\"n\":\"" + numbered + "\"");
                crowd.said++;
                toSay.notifyOne();
            }
        });
    }

    /** What is to be said, from the first line on that was not heard; never ends. */
    private Future<Void> speak(WebSocket socket) {
        return async(() -> {
            int next = heardOfMine + 1;
            while (true) {
                var told = toSay.notified();
                next = Math.max(next, heardOfMine + 1);
                if (refused) {
                    told.drop();
                    refused = false;
                    await(sleep(AGAIN));
                    next = heardOfMine + 1;
                } else if (welcomed && next <= numbered) {
                    told.drop();
                    if (next <= crowd.mostSent.getOrDefault(id, 0)) {
                        crowd.saidAgain++;
                    }
                    crowd.mostSent.merge(id, next, Math::max);
                    String line = outbox.stream()
                            .skip(next - heardOfMine - 1)
                            .findFirst()
                            .orElseThrow();
                    await(socket.send(line + ",\"after\":\"" + heardOfMine + "\"}"));
                    next++;
                } else {
                    await(told);
                }
            }
        });
    }

    private Future<Void> listen(WebSocket socket) {
        return async(() -> {
            await(socket.send(join()));
            while (true) {
                if (await(socket.receive()) instanceof Message.Text(var text)) {
                    hear(JSON.readTree(text));
                    if (refused && !welcomed) {
                        refused = false;
                        await(sleep(AGAIN));
                        await(socket.send(join()));
                    }
                }
            }
        });
    }

    private String join() {
        String back = seen == 0 ? "" : ",\"log\":\"" + log + "\",\"seen\":\"" + seen + "\"";
        return "{\"join\":\"" + room + "\",\"nick\":\"" + id + "\",\"me\":\"secret of " + id + "\"" + back + "}";
    }

    private void hear(JsonNode message) {
        if (message.has("say")) {
            line(message);
        } else if (message.has("missed")) {
            crowd.missed += message.get("missed").size();
            message.get("missed").forEach(this::line);
        } else if (message.has("welcome")) {
            welcome(message);
        } else if (message.has("error")) {
            crowd.troubles.merge(message.get("error").asString(), 1, Integer::sum);
            refused = true;
            toSay.notifyOne();
        }
    }

    private void welcome(JsonNode message) {
        me = message.get("you").asString();
        if (message.has("gap")) {
            crowd.error(this, "was told that not all was kept");
        }
        log = message.get("log").asString();
        crowd.missed += wasWelcome ? message.get("history").size() : 0;
        message.get("history").forEach(this::line);
        welcomed = true;
        crowd.welcome(this, wasWelcome);
        wasWelcome = true;
        toSay.notifyOne();
    }

    private void line(JsonNode line) {
        long number = line.get("seq").asLong();
        if (number <= seen) {
            crowd.error(this, "heard number " + number + " after " + seen);
            return;
        }
        seen = number;
        String by = line.get("by").asString();
        int n = line.get("n").asInt();
        int last = shown.getOrDefault(by, 0);
        if (n <= last) {
            crowd.heardTwice++;
            return;
        }
        String[] words = line.get("say").asString().split(" ");
        if (n != last + 1
                || Integer.parseInt(words[1]) != n
                || !line.get("nick").asString().equals(words[0])) {
            crowd.error(this, "shows after line " + last + " of " + by + " this: " + line);
        }
        shown.put(by, n);
        if (by.equals(me)) {
            while (heardOfMine < n) {
                heardOfMine++;
                outbox.poll();
            }
        }
        crowd.shown(this, Integer.parseInt(words[0]), Long.parseLong(words[2]));
        if (--left == 0) {
            crowd.complete();
        }
    }

    boolean isComplete() {
        return left == 0;
    }

    @Override
    public String toString() {
        return id + (welcomed ? " in " : " not in ") + room + ", " + left + " of " + expected + " lines to hear, "
                + heardOfMine + " of " + numbered + " own heard, the last of all " + seen;
    }
}
