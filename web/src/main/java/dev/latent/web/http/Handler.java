package dev.latent.web.http;

import dev.latent.Future;

/** What answers a request: {@code Shop::order}, or {@code request -> async(() -> …)}. */
@FunctionalInterface
public interface Handler {
    /**
     * {@return a future of the answer to {@code request}}
     *
     * <p><em>Cancel safety:</em> it is dropped, and its cleanup awaited, when the client goes away. An {@link HttpException} is the answer that it names; any other
     * failure is a 500, and is reported to the executor's {@link dev.latent.world.FailureHandler}, of which the client learns nothing.
     */
    Future<Response> handle(Request request) throws Exception;

    /** {@return this handler, within {@code middleware}} */
    default Handler with(Middleware middleware) {
        return middleware.around(this);
    }
}
