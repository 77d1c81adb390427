package dev.latent;

import dev.latent.internal.combine.Around;

/** {@link Async#prioritized}. */
final class Prioritized<T> extends Around<T> {
    /** Futures around one another that are looked through. */
    private static final int MOST_LEVELS = 8;

    private final int priority;

    Prioritized(int priority, Future<? extends T> future) {
        this.priority = priority;
        take(future);
    }

    /** {@return that of {@code future}, or of what it stands for; 0 where it has none} */
    static int of(Future<?> future) {
        Future<?> at = future;
        for (int i = 0; i < MOST_LEVELS && at instanceof OwnedFuture<?> owned; i++) {
            if (owned instanceof Prioritized<?> known) {
                return known.priority;
            }
            Future<?> inner = owned.shown();
            if (inner == owned) {
                break;
            }
            at = inner;
        }
        return 0;
    }
}
