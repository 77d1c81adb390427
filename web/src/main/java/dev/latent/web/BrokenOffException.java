package dev.latent.web;

import dev.latent.web.http.Request;
import org.jspecify.annotations.Nullable;

/** An answer that ended in the middle, since where its body came from failed, another server mostly: nothing that a trace through this program would explain, so it has none. */
final class BrokenOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenOffException(@Nullable Request request, Throwable failure) {
        super("the answer to " + request + " broke off: " + failure, null, false, false);
    }
}
