package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.web.http.HttpException;
import dev.latent.web.http.Json;
import dev.latent.web.http.Middleware;
import dev.latent.web.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client is told that did not get what it wanted (RFC 9457). */
record Problem(String type, String title, int status, List<Draft.Wrong> wrong) {
    static Problem of(int status, String title) {
        return new Problem("about:blank", title, status, List.of());
    }

    static Problem of(List<Draft.Wrong> wrong) {
        return new Problem("about:blank", "this is no note", 422, wrong);
    }

    Response response(Json json) throws Exception {
        return Response.bytes("application/problem+json", json.write(this)).status(status);
    }

    /** Has what middleware and routes answer in plain text look the same: 404, 405, 413, 503, … */
    static Middleware instead(Json json) {
        return next -> request -> async(() -> {
            Response answer;
            try {
                answer = await(next.handle(request));
            } catch (HttpException e) {
                answer = e.response();
            }
            String type = answer.header("content-type");
            boolean isPlain = answer.status() >= 400 && (type == null || type.startsWith("text/plain"));
            if (!isPlain || !(answer.content() instanceof Response.Content.Bytes(var bytes))) {
                return answer;
            }
            String title =
                    bytes.length == 0 ? "answered " + answer.status() : new String(bytes, StandardCharsets.UTF_8);
            return answer.header("content-type", "application/problem+json")
                    .content(new Response.Content.Bytes(json.write(of(answer.status(), title))));
        });
    }
}
