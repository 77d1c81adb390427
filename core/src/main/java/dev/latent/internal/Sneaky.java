package dev.latent.internal;

public final class Sneaky {
    private Sneaky() {}

    /** Throws {@code t} as it is; declared to return, so that {@code throw rethrow(t)} tells the compiler that it ends. */
    @SuppressWarnings("unchecked")
    public static <X extends Throwable> RuntimeException rethrow(Throwable t) throws X {
        throw (X) t;
    }
}
