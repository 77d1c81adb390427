package dev.latent.compiler.generated;

import dev.latent.AsyncClosure;

/** Closures of the woven version of generated programs. */
public final class WovenAsync {
    private WovenAsync() {}

    /** A closure with a wide parameter. */
    @AsyncClosure
    public interface Handler {
        /** {@return something} */
        int handle(long a, String b) throws Exception;
    }

    /** A closure with parameters of every primitive type. */
    @AsyncClosure
    public interface Primitives {
        /** {@return something} */
        int handle(byte a, char b, boolean c, short d, float e, int f, long g, double h) throws Exception;
    }

    /** A generic closure. */
    @AsyncClosure
    public interface Op<A extends Comparable<A>, R> {
        /** {@return something} */
        R apply(A a) throws Exception;
    }
}
