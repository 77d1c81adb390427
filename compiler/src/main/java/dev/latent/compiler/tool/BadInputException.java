package dev.latent.compiler.tool;

import java.io.IOException;

/** What can't be woven as it is given; the message is one line, and says what to do. */
public final class BadInputException extends IOException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }
}
