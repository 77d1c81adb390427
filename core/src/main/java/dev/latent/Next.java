package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * What comes next out of something that may have an end: a channel, a stream, a set of tasks.
 *
 * {@snippet :
 * while (await(inbox.next()) instanceof Item(var message)) {
 *     await(handle(message));
 * }
 * }
 */
public sealed interface Next<T extends @Nullable Object> extends Now<T> permits Item, End {
    /** {@return the end; always the same instance} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> Next<T> end() {
        return (Next<T>) End.END;
    }
}
