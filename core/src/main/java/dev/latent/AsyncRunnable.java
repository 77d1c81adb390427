package dev.latent;

/** An async body that gives nothing. Each {@code async(body)} makes a new future of it. */
@AsyncClosure
@FunctionalInterface
public interface AsyncRunnable {
    /** Runs the body; only inside an async body, where the call is woven to an await. */
    void run() throws Exception;
}
