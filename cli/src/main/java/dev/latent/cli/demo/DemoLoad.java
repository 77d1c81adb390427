package dev.latent.cli.demo;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.Latent;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The load as a process: people who join, chat and leave. It tells how far it is, a line at a time, and goes on when it is told
 * to: {@code warm} after a small crowd has come and gone, {@code connected} when all are there, {@code result} at the end. Where it is to find out how many there can be, it tells why there came no more,
 * {@code stopped}, and is told when it is {@code enough}.
 */
public final class DemoLoad {
    private static final int WARM_CONNECTIONS = 500;
    private static final double WARM_SECONDS = 3;

    /** For what is under way when the last line has been said. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private static final Duration TICK = Duration.ofMillis(500);

    private final CompletableFuture<Long> connect = new CompletableFuture<>();
    private final CompletableFuture<Long> go = new CompletableFuture<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();

    private DemoLoad() {}

    /**
     * Runs the load.
     *
     * @param args port, connections, seconds, {@code all} or {@code reach}, addresses
     */
    public static void main(String[] args) throws Exception {
        DemoLoad load = new DemoLoad();
        Orders.listen(word -> {
            switch (word) {
                case "connect" -> load.connect.complete(System.nanoTime());
                case "go" -> load.go.complete(System.nanoTime());
                case "enough" -> load.enough.complete(null);
                default -> Runtime.getRuntime().halt(1);
            }
        });
        int port = Integer.parseInt(args[0]);
        int connections = Integer.parseInt(args[1]);
        double seconds = Double.parseDouble(args[2]);
        boolean isReaching = args[3].equals("reach");
        List<URI> servers = Arrays.stream(args, 4, args.length)
                .map(host -> URI.create("ws://" + host + ":" + port + "/chat"))
                .toList();
        Latent.blockOn(load.run(servers, connections, seconds, isReaching));
    }

    private Future<Void> run(List<URI> servers, int connections, double seconds, boolean isReaching) {
        return async(() -> {
            Crowd warm =
                    new Crowd(servers, Math.min(connections, WARM_CONNECTIONS), Math.min(seconds, WARM_SECONDS), false);
            CompletableFuture<Long> allThere = new CompletableFuture<>();
            await(withTimeout(GRACE, join(warm.run(allThere), warm.openWhenAllThere(allThere))));
            say("warm");
            await(Futures.observe(connect));
            Crowd crowd = new Crowd(servers, connections, seconds, isReaching);
            await(select(patience(crowd), progress(crowd)));
            crowd.errors.forEach(error -> say("error " + error));
            say(crowd.result());
        });
    }

    private Future<Void> patience(Crowd crowd) {
        return async(() -> {
            Future<Void> late = async(() -> {
                await(Futures.observe(go));
                await(sleep(Duration.ofMillis((long) (crowd.lasts() * 1000)).plus(GRACE)));
            });
            await(select(crowd.run(go), late));
        });
    }

    /** Never ends. */
    private Future<Void> progress(Crowd crowd) {
        return async(() -> {
            boolean told = false;
            while (true) {
                await(sleep(TICK));
                if (enough.isDone()) {
                    crowd.enough("");
                }
                if (!crowd.isComplete()) {
                    say("connecting " + crowd.arrived);
                } else if (!told) {
                    told = true;
                    if (!crowd.stopped.isEmpty()) {
                        say("stopped " + crowd.stopped);
                    }
                    say("connected " + crowd.arrived);
                } else {
                    say("running " + crowd.received);
                }
            }
        });
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
