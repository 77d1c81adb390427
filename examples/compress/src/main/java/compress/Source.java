package compress;

import dev.latent.cli.Failure;
import org.jspecify.annotations.Nullable;

/** Where blocks come from, in order. */
interface Source extends AutoCloseable {
    /** {@return one of {@code blocks}, filled; null at the end} */
    @Nullable
    Block next(Blocks blocks) throws Failure, BadInput;

    /** {@return what there is to say about what was read, at its end} */
    default @Nullable String remark() {
        return null;
    }

    /** {@return whether all of it could be spread over threads} */
    default boolean isParallel() {
        return true;
    }

    @Override
    default void close() {}
}
