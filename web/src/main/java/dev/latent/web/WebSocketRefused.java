package dev.latent.web;

import java.io.IOException;

/** The server did not open a WebSocket. */
public final class WebSocketRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    WebSocketRefused(int status, String message) {
        super(message);
        this.status = status;
    }

    /** {@return the status of its answer, 0 when that was no HTTP} */
    public int status() {
        return status;
    }

    /** {@return whether it may be otherwise the next time: the server's trouble (5xx), too early or too much (408, 425, 429), or no HTTP at all} */
    boolean mayPass() {
        return status == 0 || status >= 500 || status == 408 || status == 425 || status == 429;
    }
}
