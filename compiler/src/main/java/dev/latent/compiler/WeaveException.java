package dev.latent.compiler;

/** An async body that can't be woven; the message is for the author of the body. */
final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final int line;

    WeaveException(String id, int line, String message) {
        super(message);
        this.id = id;
        this.line = line;
    }

    /** The diagnostic's id, as {@code @SuppressWarnings} understands it without {@code latent:}. */
    String id() {
        return id;
    }

    /** The source line, or 0. */
    int line() {
        return line;
    }
}
