package dev.latent.sync;

/** Thrown to who wants permits of an {@link AsyncSemaphore} that has been closed. */
public final class SemaphoreClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** With what was wanted. */
    public SemaphoreClosedException(String message) {
        super(message);
    }
}
