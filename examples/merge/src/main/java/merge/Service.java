package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofSeconds;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Timed;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Json;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Routes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages, over HTTP. */
final class Service {
    private static final int SLOW_MILLIS = 10_000;

    private final Sources sources;
    private final Merge merge;
    private final Json json = new Jackson();

    Service(Sources sources) {
        this.sources = sources;
        this.merge = new Merge(sources.all());
    }

    Routes routes() {
        return new Routes()
                .get("/", _ -> Futures.ready(Response.text("""
                        /products/7                       what five databases know of it
                        /products/7?slow=postgres         the same, with one that takes ten seconds
                        /products/7?slow=redis:50,h2      or 50 milliseconds, and another one
                        /databases                        what they are doing now, as they say themselves
                        """)))
                .get("/products/{id}", this::page)
                .get("/databases", this::databases);
    }

    private Future<Response> page(Request request) {
        return async(() -> {
            String id = request.pathParameter("id");
            if (!id.matches("\\d{1,18}")) {
                throw HttpException.of(404, "no such product");
            }
            Map<String, Integer> slow = slow(request.queryParameter("slow"));
            Page page = await(merge.page(Long.parseLong(id), source -> slow.getOrDefault(source.name(), 0)));
            if (page.isUnknown()) {
                throw HttpException.of(404, "no such product");
            }
            return json.response(page).status(page.parts().isEmpty() ? 503 : 200);
        });
    }

    private Map<String, Integer> slow(String said) {
        Map<String, Integer> slow = new HashMap<>();
        if (said != null && !said.isEmpty()) {
            for (String word : said.split(",")) {
                String[] nameAndMillis = word.split(":", 2);
                String millis = nameAndMillis.length == 1 ? "" + SLOW_MILLIS : nameAndMillis[1];
                if (sources.all().stream().noneMatch(each -> each.name().equals(nameAndMillis[0]))
                        || !millis.matches("\\d{1,6}")) {
                    throw HttpException.of(400, "slow is a list of NAME or NAME:MILLISECONDS, of " + names());
                }
                slow.put(nameAndMillis[0], Integer.parseInt(millis));
            }
        }
        return slow;
    }

    private List<String> names() {
        return sources.all().stream().map(Sources.Of::name).toList();
    }

    /**
     * @param working questions that the database says it works on; or why it does not say
     * @param connections in use
     * @param cancelled questions so far that nobody waited for any more
     */
    record State(String database, Object working, int connections, int idle, int waiting, int cancelled) {}

    private Future<Response> databases(Request request) {
        return async(() -> json.response(
                await(join(sources.all().stream().map(Service::state).toList()))));
    }

    private static Future<State> state(Sources.Of source) {
        return async(() -> {
            Object working;
            try {
                working = await(withTimeout(ofSeconds(1), source.pool().working()))
                                instanceof Timed.InTime<Integer>(var count)
                        ? count
                        : "no answer within 1 s";
            } catch (Exception e) {
                working = String.valueOf(e.getMessage());
            }
            Pool<?> pool = source.pool();
            return new State(source.name(), working, pool.busy(), pool.idle(), pool.waiting(), pool.cancelled());
        });
    }
}
