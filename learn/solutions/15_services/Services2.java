// A middleware is a function around a handler: `next -> request -> …`. It may answer by itself, or
// let the next one answer, and it may await.
//
// Let nobody in without a name: answer 401 where queryParameter("user") is null.

import static dev.latent.Async.*;

import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.web.http.*;

Middleware signedIn() {
    return next -> request -> async(() -> {
        await(yieldNow()); // a look at the sessions, say
        if (request.queryParameter("user") == null) {
            throw HttpException.of(401, "sign in first");
        }
        return await(next.handle(request));
    });
}

int status(String target) throws Exception {
    var routes = new Routes()
            .get("/orders", _ -> Futures.ready(Response.text("3 orders")))
            .use(signedIn());
    try {
        return Latent.blockOn(routes.handle(Request.builder("GET", target).build())).status();
    } catch (HttpException e) {
        return e.status();
    }
}

void main() throws Exception {
    assert status("/orders?user=ann") == 200 : status("/orders?user=ann");
    assert status("/orders") == 401 : "somebody without a name is answered by " + status("/orders");
}
