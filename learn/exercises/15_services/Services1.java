// A handler takes a request and gives a future of the answer. An HttpException is an answer, too:
// `throw HttpException.of(404, "no such tea")`. Any other failure is the server's fault, and a 500.
//
// Answer 404 where there is no such tea. (A handler needs no server to be tried.)

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.web.http.*;
import java.util.Map;

Map<String, String> teas = Map.of("1", "assam");

Future<Response> find(Request request) {
    return async(() -> {
        await(yieldNow()); // a database, say
        String tea = teas.get(request.pathParameter("id"));
        return Response.text(tea.toUpperCase());
    });
}

int status(String target) throws Exception {
    var routes = new Routes().get("/teas/{id}", this::find);
    try {
        return Latent.blockOn(routes.handle(Request.builder("GET", target).build())).status();
    } catch (HttpException e) {
        return e.status();
    } catch (RuntimeException e) {
        return 500;
    }
}

void main() throws Exception {
    assert status("/teas/1") == 200 : status("/teas/1");
    assert status("/teas/9") == 404 : "a tea that there is not is answered by " + status("/teas/9");
}
