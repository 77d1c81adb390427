package dev.latent.internal;

import dev.latent.AsyncCloseable;
import org.jspecify.annotations.Nullable;

/** What becomes of a value whose receiver was dropped. */
public final class Undelivered {
    private Undelivered() {}

    /** Closes the value if it is a resource of Latent's kind; any other value is simply let go. */
    public static void discard(@Nullable Object value) {
        if (value instanceof AsyncCloseable resource) {
            resource.close();
        }
    }
}
