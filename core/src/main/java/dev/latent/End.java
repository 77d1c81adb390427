package dev.latent;

import org.jspecify.annotations.Nullable;

/** There are no more, and never will be. Made by {@link Next#end()}, which makes none. */
public record End<T extends @Nullable Object>() implements Next<T> {
    static final End<?> END = new End<>();
}
