package dev.latent.io;

import java.io.IOException;

/** More bytes than the reader was willing to hold: a line, a frame, a whole. None of them is lost by that. */
public final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    /** For a reader. */
    public TooLongException(String message) {
        super(message);
    }

    static TooLongException of(String what, int limit) {
        return new TooLongException(
                "the " + what + " is longer than " + limit + " bytes: pass a higher limit if that is to be allowed");
    }
}
