package dev.latent;

import org.jspecify.annotations.Nullable;

/** An async body with an argument that gives a value. */
@AsyncClosure
@FunctionalInterface
public interface AsyncFunction<A extends @Nullable Object, R extends @Nullable Object> {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    R apply(A argument) throws Exception;
}
