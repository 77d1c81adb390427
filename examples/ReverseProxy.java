import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.interop.http.Http;
import dev.latent.interop.http.HttpBody;
import dev.latent.io.Addresses;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import dev.latent.web.WebServer;
import dev.latent.web.http.*;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.TimeoutException;

/**
 * Hands every request on to another server, bodies streamed both ways: ./latent run examples/ReverseProxy.java http://127.0.0.1:9000 8080
 *
 * A client that goes away takes its exchange along; one that reads slowly slows down the server behind. Left to others: TLS, WebSockets, HTTP/2, several servers and whom to ask,
 * caches; answers that begin before the request has ended; and whom to believe what X-Forwarded-For says already.
 */
final Duration patience = ofSeconds(30); // for a request and the head of its answer, and then for each piece of the body

final HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(ofSeconds(5))
        .build();

/** What is said from one connection to the next only (RFC 9110, 7.6.1), and what each side says of its own. */
final Set<String> hops = Set.of(
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "expect", "host");

Future<Response> forward(Request request, URI upstream, Duration patience) {
    return async(() -> {
        try {
            var answer = await(timeout(patience, Http.send(client, asked(request, upstream, context().spawner()))));
            return answered(answer, patience);
        } catch (TimeoutException | HttpTimeoutException e) {
            throw HttpException.of(504, "the server behind does not answer");
        } catch (IOException e) {
            throw e.getCause() instanceof HttpException ours ? ours : HttpException.of(502, "the server behind can't be asked");
        }
    });
}

HttpRequest asked(Request request, URI upstream, Spawner spawner) {
    var body = request.body().limit(Long.MAX_VALUE); // streamed: nothing is held
    var publisher = switch (Long.signum(body.length())) {
        case 0 -> HttpRequest.BodyPublishers.noBody();
        case 1 -> Http.body(spawner, body::stream, body.length());
        default -> Http.body(spawner, body::stream); // in chunks
    };
    var out = HttpRequest.newBuilder(target(upstream, request.target())).method(request.method(), publisher);
    passedOn(request.headers()).without("x-forwarded-for").forEach(out::header);
    var before = request.headers().all("x-forwarded-for");
    var client = request.remoteAddress().getHostString();
    return out.header("x-forwarded-for", before.isEmpty() ? client : String.join(", ", before) + ", " + client)
            .setHeader("x-forwarded-proto", request.scheme())
            .setHeader("x-forwarded-host", String.valueOf(request.host()))
            .build();
}

Response answered(HttpResponse<HttpBody> answer, Duration patience) {
    var length = answer.headers().firstValueAsLong("content-length").orElse(-1);
    var body = answer.body().stream().timeoutEach(patience); // closed when it has been sent, or the client has gone
    var response = Response.of(answer.statusCode()).content(new Response.Content.Streamed(body, length));
    return response.headers(passedOn(Headers.of(answer.headers().map())));
}

/** What is not for one connection only. */
Headers passedOn(Headers headers) {
    var names = new ArrayList<>(hops);
    headers.all("connection").forEach(list -> names.addAll(List.of(list.split("[ ,]+"))));
    return names.stream().reduce(headers, Headers::without, (a, b) -> b);
}

URI target(URI upstream, String target) {
    try {
        return new URI(upstream + target);
    } catch (URISyntaxException e) {
        throw HttpException.of(400, "that is no URI");
    }
}

Future<Shutdown.Report> serve(URI upstream, int port) {
    return Shutdown.on(Signal.INT, Signal.TERM).within(ofSeconds(10)).run(stop -> {
        try (var server = await(WebServer.at("127.0.0.1", port)
                .any("/{path...}", request -> forward(request, upstream, patience))
                .bind())) {
            IO.println("listening on http://127.0.0.1:" + server.localAddress().getPort() + ", for " + upstream + ", Ctrl-C ends");
            await(join(server.serve(), async(() -> {
                await(stop.asked());
                IO.println("draining: what is asked is answered");
                await(server.drain(ofSeconds(10)));
            })));
        }
    });
}

void main(String[] args) throws Exception {
    if (args.length == 0 || args.length > 2 || !args[0].matches("http://[^/]+") || args.length == 2 && !args[1].matches("\\d{1,4}")) {
        System.err.println("usage: ReverseProxy http://HOST:PORT [PORT]");
        System.exit(2);
    }
    try {
        IO.println(Latent.blockOn(serve(URI.create(args[0]), args.length == 2 ? Integer.parseInt(args[1]) : 0)));
    } catch (IOException e) {
        System.err.println(e.getMessage());
        System.exit(1);
    } finally {
        client.shutdownNow();
    }
}
