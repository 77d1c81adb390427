package dev.latent.examples.chat;

/** A member did not read what was said for so long that the others could wait no more. */
final class TooSlowException extends Exception {
    private static final long serialVersionUID = 1L;

    TooSlowException(String nick) {
        super(nick + " reads too slowly");
    }
}
