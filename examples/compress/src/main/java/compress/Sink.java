package compress;

import dev.latent.cli.Failure;

/** Where blocks go, in order. */
interface Sink {
    /** Writes what came of {@code block}, which is free afterwards. */
    void write(Block block) throws Failure;
}
