package dev.latent;

import org.jspecify.annotations.Nullable;

/** What becomes of a value whose receiver was dropped. */
final class Undelivered {
    private Undelivered() {}

    /** Closes the value if it is a resource of Latent's kind; any other value is simply let go. */
    static void discard(@Nullable Object value) {
        if (value instanceof AsyncCloseable resource) {
            resource.close();
        }
    }
}
