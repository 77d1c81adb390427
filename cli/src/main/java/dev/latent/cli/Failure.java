package dev.latent.cli;

/** What can't be done, said in one line. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A failure whose exit code is 1. */
    public Failure(String message) {
        this(message, 1);
    }

    Failure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
