package dev.latent;

import org.jspecify.annotations.Nullable;

/** An async body with two arguments that gives a value. */
@AsyncClosure
@FunctionalInterface
public interface AsyncBiFunction<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    R apply(A first, B second) throws Exception;
}
