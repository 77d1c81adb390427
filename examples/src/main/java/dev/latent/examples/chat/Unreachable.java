package dev.latent.examples.chat;

/** The {@link Bus}, or the {@link History}, does not answer; what was asked for may have been done. */
final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    final Trouble trouble;

    Unreachable(Trouble trouble, Throwable cause) {
        super(trouble.why, cause);
        this.trouble = trouble;
    }
}
