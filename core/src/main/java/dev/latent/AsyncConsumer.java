package dev.latent;

import org.jspecify.annotations.Nullable;

/** An async body with an argument that gives nothing. */
@AsyncClosure
@FunctionalInterface
public interface AsyncConsumer<A extends @Nullable Object> {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    void accept(A argument) throws Exception;
}
