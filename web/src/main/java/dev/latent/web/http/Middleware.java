package dev.latent.web.http;

/** What stands around a handler, and sees its requests and its answers: {@code next -> request -> …}. */
@FunctionalInterface
public interface Middleware {
    /** {@return a handler that does its part, and calls {@code next} or not} */
    Handler around(Handler next);

    /** {@return this one around {@code inner}} */
    default Middleware then(Middleware inner) {
        return next -> around(inner.around(next));
    }
}
