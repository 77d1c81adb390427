package dev.latent.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The connection has ended, or is ending: nothing more can be sent or received. A peer that leaves in good order and one that
 * vanishes both show as this exception; {@link #code()} tells them apart.
 */
public final class WebSocketClosed extends IOException {
    private static final long serialVersionUID = 1L;

    /** The purpose was fulfilled. */
    public static final int NORMAL = 1000;

    /** A server goes down, or a page was left. */
    public static final int GOING_AWAY = 1001;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** The peer closed without saying why. Never on the wire. */
    public static final int NO_CODE = 1005;

    /** The connection broke without a close frame. Never on the wire. */
    public static final int ABNORMAL = 1006;

    /** Text that is not UTF-8. */
    public static final int BAD_DATA = 1007;

    /** A frame or a message over the limit. */
    public static final int TOO_BIG = 1009;

    /** The server's handler failed. */
    public static final int INTERNAL_ERROR = 1011;

    /** A server that has no memory left for the message. */
    public static final int TRY_AGAIN_LATER = 1013;

    private final int code;
    private final String reason;

    WebSocketClosed(int code, String reason) {
        this(code, reason, null);
    }

    WebSocketClosed(int code, String reason, @Nullable Throwable cause) {
        super("WebSocket closed: " + code + (reason.isEmpty() ? "" : " " + reason), cause);
        this.code = code;
        this.reason = reason;
    }

    /** {@return why, by the codes of RFC 6455, section 7.4} */
    public int code() {
        return code;
    }

    /** {@return why, in words; often empty} */
    public String reason() {
        return reason;
    }

    /** {@return whether {@code code} may stand in a close frame} */
    static boolean isSendable(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }
}
