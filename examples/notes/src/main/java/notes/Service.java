package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Timed;
import dev.latent.io.Shutdown;
import dev.latent.web.http.Cors;
import dev.latent.web.http.Errors;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Json;
import dev.latent.web.http.Middlewares;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Routes;
import java.time.Duration;
import java.util.function.Consumer;

/** All that is served: the notes, within bounds, and what the machinery around a service asks. */
final class Service {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    static final int AT_ONCE = 1_000;

    private static final Json JSON = new Jackson();

    /** How all that goes wrong looks. */
    static final Errors ERRORS = Problem.errors(JSON);

    final Metrics metrics = new Metrics();
    private final Store store;
    private final Shutdown stop;
    private final Duration patience;

    Service(Store store, Shutdown stop) {
        this(store, stop, PATIENCE);
    }

    /** @param patience how long a request may take */
    Service(Store store, Shutdown stop, Duration patience) {
        this.store = store;
        this.stop = stop;
        this.patience = patience;
    }

    /** @param log gets a line for each request */
    Routes routes(Consumer<String> log) {
        Routes notes = new Api(store, JSON)
                .routes()
                .use(Middlewares.limit(AT_ONCE))
                .use(Middlewares.timeout(patience)); // then the handler is dropped, and with it what it waits for
        return new Routes()
                .get("/health", _ -> Futures.ready(Response.text("ok\n")))
                .get("/ready", this::ready)
                .get("/metrics", _ -> Futures.ready(Response.text(metrics.text())))
                .mount("", notes)
                .use(Middlewares.accessLog(log))
                .use(Middlewares.observe(metrics))
                .use(Cors.of("http://localhost:3000")
                        .methods("GET", "POST", "PUT", "DELETE")
                        .headers("content-type", "if-match"));
    }

    /** Whether to send requests here: not while it stops, nor while its store can't be asked. */
    private Future<Response> ready(Request request) {
        return async(() -> {
            if (stop.isAsked()) {
                throw HttpException.of(503, "stopping");
            }
            try {
                if (await(withTimeout(Duration.ofSeconds(1), store.check())) instanceof Timed.InTime) {
                    return Response.text("ready\n");
                }
            } catch (Exception e) {
                throw HttpException.of(503, "no store");
            }
            throw HttpException.of(503, "the store does not answer");
        });
    }
}
