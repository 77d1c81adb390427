package dev.latent;

import org.jspecify.annotations.Nullable;

/** There is nothing now, and there may be something later. Made by {@link Now#empty()}, which makes none. */
public record Empty<T extends @Nullable Object>() implements Now<T> {
    static final Empty<?> EMPTY = new Empty<>();
}
