package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.cli.Child;
import dev.latent.cli.Failure;
import dev.latent.cli.Progress;
import dev.latent.cli.Secrets;
import dev.latent.cli.TemporaryFolder;
import dev.latent.cli.demo.ManyNodes;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ./latent demo --nodes N}: each node is a process; the one half of the time being over, the first is killed. */
public final class NodesDemo implements ManyNodes {
    /** Lines that reach somebody, in a second, over all. */
    private static final int DELIVERIES_PER_SECOND = 20_000;

    /** The fastest that one person speaks. */
    private static final double LEAST_INTERVAL = 0.5;

    /** For what is under way when the last line has been said. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration TICK = Duration.ofMillis(500);

    /** A demonstration. */
    public NodesDemo() {}

    @Override
    public int run(int nodes, int connections, int seconds, String bus, boolean json) throws Exception {
        Progress progress = new Progress();
        String url = bus;
        KafkaBroker broker = null;
        if (!bus.equals("kafka")) {
            check(bus);
        }
        try (TemporaryFolder folder = TemporaryFolder.of("latent-nodes")) {
            if (bus.equals("kafka")) {
                progress.now("starting Kafka");
                broker = KafkaBroker.start(0);
                url = "kafka://" + broker.address();
            }
            progress.now("starting " + nodes + " nodes");
            Outcome outcome = run(nodes, connections, seconds, url, folder, progress);
            progress.end();
            outcome.crowd().errors.forEach(error -> System.err.println("latent demo: " + error));
            System.out.print(json ? outcome.json() : outcome.table());
            System.out.flush();
            return outcome.isPerfect() ? 0 : 1;
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } finally {
            progress.end();
            if (broker != null) {
                broker.close();
            }
        }
    }

    /** Before there is anything to be cleaned up: whether somebody answers there. */
    private static void check(String bus) throws Exception {
        try {
            Latent.blockOn(async(() -> {
                try (var opened = await(new Kit().bus(bus))) {
                    await(opened.end());
                }
            }));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome run(
            int nodes, int connections, int seconds, String bus, TemporaryFolder folder, Progress progress)
            throws Exception {
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < nodes; i++) {
                List<String> arguments = List.of(
                        "node-" + i, bus, folder.path().resolve("history-" + i).toString());
                children.add(
                        Child.start("node", List.of("-Xmx256m", "-XX:+UseSerialGC"), NodeProcess.class, arguments));
            }
            List<URI> servers = new ArrayList<>();
            for (Child child : children) {
                servers.add(URI.create("ws://127.0.0.1:" + child.line("port") + "/chat"));
            }
            double interval = Math.max(LEAST_INTERVAL, (double) connections * Crowd.ROOM / DELIVERIES_PER_SECOND);
            int lines = Math.max(2, (int) Math.round(seconds / interval));
            Crowd crowd = new Crowd(servers, connections, lines, (double) seconds / lines);
            Child victim = nodes > 1 ? children.getFirst() : null;
            Latent.blockOn(select(
                    join(crowd.run(), killing(crowd, victim, seconds / 2.0)),
                    patience(crowd, seconds),
                    telling(crowd, progress)));
            return new Outcome(nodes, Secrets.hidden(bus), seconds, victim != null, crowd);
        } finally {
            for (Child child : children) {
                child.close();
            }
        }
    }

    private static Future<Void> killing(Crowd crowd, @Nullable Child victim, double seconds) {
        return async(() -> {
            await(crowd.begun());
            if (victim != null) {
                await(sleep(Duration.ofMillis((long) (seconds * 1000))));
                crowd.killedAt = System.nanoTime();
                await(spawnBlocking(() -> {
                    victim.kill();
                    return null;
                }));
            }
        });
    }

    private static Future<Void> patience(Crowd crowd, int seconds) {
        return async(() -> {
            await(Futures.observe(crowd.go));
            await(sleep(Duration.ofSeconds(seconds).plus(GRACE)));
            crowd.timeIsUp();
        });
    }

    /** Never ends. */
    private static Future<Void> telling(Crowd crowd, Progress progress) {
        return async(() -> {
            while (true) {
                await(sleep(TICK));
                progress.now(
                        !crowd.go.isDone()
                                ? "coming: %,d of %,d".formatted(crowd.welcomed(), crowd.size())
                                : "%,d lines were shown; %s"
                                        .formatted(
                                                crowd.shown,
                                                crowd.killedAt == 0
                                                        ? "all nodes are there"
                                                        : "a node was killed, %,d lost it, %,d are back"
                                                                .formatted(crowd.lost, crowd.back)));
            }
        });
    }
}
