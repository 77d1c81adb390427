package dev.latent;

import org.jspecify.annotations.Nullable;

/** An async body that gives a value. Each {@code async(body)} makes a new future of it. */
@AsyncClosure
@FunctionalInterface
public interface AsyncCallable<T extends @Nullable Object> {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    T call() throws Exception;
}
