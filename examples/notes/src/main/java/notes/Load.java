package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.spawn;

import dev.latent.Future;
import dev.latent.interop.http.Http;
import dev.latent.io.Shutdown;
import dev.latent.web.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Clients that ask a service in the same process, over loopback: of 20 requests 14 read a note, 3 read a page, 2 change a note that they have read, 1 adds one.
 */
final class Load {
    private static final int NOTES = 1_000;

    private final URI uri;
    private final HttpClient client;
    private final long[] nanos;
    private int done;
    private int late;
    private int failed;

    private Load(URI uri, HttpClient client, int requests) {
        this.uri = uri;
        this.client = client;
        this.nanos = new long[requests];
    }

    /** {@return a future that prints how many requests a second were answered, and how soon} */
    static Future<Void> run(int clients, int requests) {
        return async(() -> {
            await(Shutdown.on().run(stop -> {
                try (var store = await(JdbcStore.open("jdbc:h2:mem:load;DB_CLOSE_DELAY=-1", Main.CONNECTIONS));
                        var server = await(WebServer.at("127.0.0.1", 0)
                                .mount("", new Service(store, stop).routes(_ -> {}))
                                .bind())) {
                    for (int i = 0; i < NOTES; i++) {
                        await(store.add(new Draft("note " + i, "text ".repeat(20)), null));
                    }
                    var uri = URI.create(
                            "http://127.0.0.1:" + server.localAddress().getPort());
                    var client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build();
                    try (var _ = spawn(server.serve())) {
                        await(new Load(uri, client, requests / 4).asked(clients)); // warms up
                        var load = new Load(uri, client, requests);
                        long begun = System.nanoTime();
                        await(load.asked(clients));
                        load.print(clients, System.nanoTime() - begun);
                        System.out.println("connections  " + store.pool().busy() + " in use, "
                                + store.pool().idle() + " idle");
                    } finally {
                        client.shutdownNow();
                    }
                }
            }));
        });
    }

    private Future<Void> asked(int clients) {
        return async(() -> {
            await(join(IntStream.range(0, clients).mapToObj(this::asksOn).toList()));
        });
    }

    private Future<Void> asksOn(int seed) {
        Random random = new Random(seed);
        return async(() -> {
            while (done < nanos.length) {
                int mine = done++; // one thread runs all clients
                long begun = System.nanoTime();
                await(asks(random));
                nanos[mine] = System.nanoTime() - begun;
            }
        });
    }

    private Future<Void> asks(Random random) {
        return async(() -> {
            String note = "/notes/" + (1 + random.nextInt(NOTES));
            int what = random.nextInt(20);
            if (what < 14) {
                await(expect(200, HttpRequest.newBuilder(uri.resolve(note))));
            } else if (what < 17) {
                await(expect(200, HttpRequest.newBuilder(uri.resolve("/notes?after=" + random.nextInt(NOTES)))));
            } else if (what < 19) {
                var seen = await(expect(200, HttpRequest.newBuilder(uri.resolve(note))));
                var put = HttpRequest.newBuilder(uri.resolve(note))
                        .header("content-type", "application/json")
                        .header("if-match", seen.headers().firstValue("etag").orElse("*"))
                        .PUT(BodyPublishers.ofString("{\"title\":\"changed\",\"text\":\"again\"}"));
                await(expect(200, put));
            } else {
                await(expect(
                        201,
                        HttpRequest.newBuilder(uri.resolve("/notes"))
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString("{\"title\":\"new\",\"text\":\"one\"}"))));
            }
        });
    }

    private Future<HttpResponse<byte[]>> expect(int status, HttpRequest.Builder request) {
        return async(() -> {
            var answer = await(Http.send(client, request.build(), BodyHandlers.ofByteArray()));
            if (answer.statusCode() == 412) {
                late++; // as it is to be: somebody else was faster
            } else if (answer.statusCode() != status) {
                failed++;
            }
            return answer;
        });
    }

    private void print(int clients, long took) {
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "requests     %,d by %d clients in %.2f s%n", nanos.length, clients, took / 1e9);
        System.out.printf(Locale.ROOT, "throughput   %,.0f per second%n", nanos.length / (took / 1e9));
        System.out.printf(
                Locale.ROOT,
                "latency      p50 %.2f ms   p99 %.2f ms   max %.2f ms%n",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
        System.out.printf(Locale.ROOT, "errors       %d   (and %d times somebody else was faster)%n", failed, late);
    }
}
