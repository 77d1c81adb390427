package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * What there is at the moment, for those who don't wait: {@link Next}, or nothing yet.
 *
 * {@snippet :
 * switch (inbox.tryReceive()) {
 *     case Item(var message) -> handle(message);
 *     case Empty() -> later();
 *     case End() -> stop();
 * }
 * }
 */
public sealed interface Now<T extends @Nullable Object> permits Next, Empty {
    /** {@return nothing yet; always the same instance} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> Now<T> empty() {
        return (Now<T>) Empty.EMPTY;
    }
}
