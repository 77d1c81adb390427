package dev.latent.world;

/**
 * A capability: told of failures that no caller is left to receive, such as a failed task whose handle nobody reads, or an
 * exception of the cleanup of a dropped future. A
 * world has {@link #logging()} until it is given another.
 */
@FunctionalInterface
public interface FailureHandler {
    /**
     * Takes note of a failure.
     *
     * @param where the task or the future that failed, for a person to read
     * @param failure what it threw
     */
    void unhandled(String where, Throwable failure);

    /** {@return the one that has them logged by the system logger {@code dev.latent}} */
    static FailureHandler logging() {
        return LoggedFailures.INSTANCE;
    }
}
