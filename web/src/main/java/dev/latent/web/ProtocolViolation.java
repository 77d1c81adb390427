package dev.latent.web;

import java.io.IOException;

/** The peer sent what it must not send, or did not read what it had to; the code is the one to close with. */
final class ProtocolViolation extends IOException {
    private static final long serialVersionUID = 1L;

    final int code;
    final String what;

    ProtocolViolation(int code, String what) {
        super(what);
        this.code = code;
        this.what = what;
    }

    /** Thrown for what strangers send, as often as they like: it carries no stack. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
