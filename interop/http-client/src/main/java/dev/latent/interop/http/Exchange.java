package dev.latent.interop.http;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Http#send(HttpClient, HttpRequest)}.
 *
 * <p>The client makes the body on a thread of its own, perhaps just as this is dropped: each side writes before it reads, so one of them sees to its close.
 */
final class Exchange extends OwnedFuture<HttpResponse<HttpBody>> {
    private final String name;
    private final Future<HttpResponse<HttpBody>> response;
    private volatile @Nullable HttpBody body;
    private volatile boolean dropped;

    Exchange(HttpClient client, HttpRequest request) {
        name = request.method() + " " + request.uri();
        response = Futures.fromCompletionStage(() -> client.sendAsync(request, _ -> body(name)));
        Owners.claim(response, this);
    }

    private HttpBody body(String of) {
        HttpBody made = new HttpBody(of);
        body = made;
        if (dropped) {
            made.close();
        }
        return made;
    }

    @Override
    protected Poll<HttpResponse<HttpBody>> pollOwned(Context cx) throws Exception {
        return Owners.poll(response, this, cx);
    }

    @Override
    protected void dropOwned() {
        dropped = true;
        Owners.drop(response, this);
        HttpBody made = body;
        if (made != null) {
            made.close();
        }
    }

    @Override
    protected void undelivered(HttpResponse<HttpBody> value) {
        value.body().close();
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(response);
    }

    @Override
    public String toString() {
        return name;
    }
}
