package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A middleware that lets pages of other origins in (Fetch, 3.2). Nothing is let in that is not said; a request from elsewhere is answered all the same, and
 * the browser keeps the answer from the page.
 */
public final class Cors implements Middleware {
    private final Predicate<String> origins;
    private final List<String> methods;
    private final List<String> headers;
    private final boolean credentials;
    private final Duration maxAge;

    private Cors(
            Predicate<String> origins,
            List<String> methods,
            List<String> headers,
            boolean credentials,
            Duration maxAge) {
        this.origins = origins;
        this.methods = methods;
        this.headers = headers;
        this.credentials = credentials;
        this.maxAge = maxAge;
    }

    /** {@return one for pages of just these origins, such as {@code https://shop.example}, and simple requests} */
    public static Cors of(String... origins) {
        return of(List.of(origins)::contains);
    }

    /** {@return one for pages of the origins for which {@code allowed} holds} */
    public static Cors of(Predicate<String> allowed) {
        return new Cors(allowed, List.of("GET", "HEAD", "POST"), List.of(), false, Duration.ofMinutes(10));
    }

    /** {@return this, with these methods, and no others} */
    public Cors methods(String... allowed) {
        return new Cors(origins, List.of(allowed), headers, credentials, maxAge);
    }

    /** {@return this, with these header fields of requests} */
    public Cors headers(String... allowed) {
        return new Cors(origins, methods, List.of(allowed), credentials, maxAge);
    }

    /** {@return this, with requests that carry cookies} */
    public Cors withCredentials() {
        return new Cors(origins, methods, headers, true, maxAge);
    }

    /** {@return this, with so long for which a browser need not ask again; ten minutes unless said} */
    public Cors maxAge(Duration age) {
        return new Cors(origins, methods, headers, credentials, age);
    }

    @Override
    public Handler around(Handler next) {
        return request -> {
            String origin = request.header("origin");
            boolean allowed = origin != null && origins.test(origin);
            String asked = request.header("access-control-request-method");
            if (origin != null && asked != null && request.method().equals("OPTIONS")) {
                return Futures.ready(preflight(allowed ? origin : null));
            }
            return answered(next, request, allowed ? origin : null);
        };
    }

    private Response preflight(@Nullable String origin) {
        Response answer = marked(Response.of(204), origin);
        if (origin == null) {
            return answer;
        }
        answer = answer.header("access-control-allow-methods", String.join(", ", methods))
                .header("access-control-max-age", String.valueOf(maxAge.toSeconds()));
        return headers.isEmpty() ? answer : answer.header("access-control-allow-headers", String.join(", ", headers));
    }

    private Future<Response> answered(Handler next, Request request, @Nullable String origin) {
        return async(() -> {
            try {
                return marked(await(next.handle(request)), origin);
            } catch (HttpException e) {
                throw HttpException.of(marked(e.response(), origin));
            }
        });
    }

    private Response marked(Response response, @Nullable String origin) {
        Response answer = response.addHeader("vary", "Origin");
        if (origin == null) {
            return answer;
        }
        answer = answer.header("access-control-allow-origin", origin);
        return credentials ? answer.header("access-control-allow-credentials", "true") : answer;
    }
}
