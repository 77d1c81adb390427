package dev.latent.compiler.generated;

import dev.latent.AsyncClosure;

/** Types of the woven version of generated programs. */
public final class WovenAsync {
    private WovenAsync() {}

    /** A closure with wide and boxed parameters. */
    @AsyncClosure
    public interface Handler {
        /** {@return something} */
        int handle(long a, String b) throws Exception;
    }
}
