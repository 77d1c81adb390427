package dev.latent;

import org.jspecify.annotations.Nullable;

/** An async body with an argument that says yes or no. */
@AsyncClosure
@FunctionalInterface
public interface AsyncPredicate<A extends @Nullable Object> {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    boolean test(A argument) throws Exception;
}
