package dev.latent.internal;

import dev.latent.Owners;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/** Waking for those who have others to wake after it. */
public final class Wakes {
    private Wakes() {}

    /** Wakes. A waker that throws, against its contract, is reported and keeps nobody else from being woken. */
    public static void wake(@Nullable Waker waker) {
        if (waker != null) {
            try {
                waker.wake();
            } catch (Throwable t) {
                Owners.report(null, "a waker, which must not throw", t);
            }
        }
    }
}
