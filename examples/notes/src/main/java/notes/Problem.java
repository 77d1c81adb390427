package notes;

import dev.latent.web.http.Errors;
import dev.latent.web.http.Json;
import dev.latent.web.http.Response;
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

    /** Has all errors look the same, whoever refuses: 404, 405, 413, 503, … */
    static Errors errors(Json json) {
        return (status, message) ->
                of(status, message.isEmpty() ? "answered " + status : message).response(json);
    }
}
