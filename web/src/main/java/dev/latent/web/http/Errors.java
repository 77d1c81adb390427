package dev.latent.web.http;

/**
 * How an error looks that has no look of its own: one of {@link HttpException#of(int, String)} or {@link Response#error}, what {@link Routes} don't find, a failure, and all that the
 * server itself refuses, the head of a request that is none included. Said once, by {@code WebServer.at(…).errors(…)}:
 *
 * <pre>{@code
 * .errors(Errors.PROBLEMS)                                                       // application/problem+json
 * .errors((status, message) -> Response.html(page(status, message)))
 * }</pre>
 *
 * <p>It is asked last, behind all middleware: that sees the status and the header fields, which all stay. A server whose memory is used up answers 503 without.
 */
@FunctionalInterface
public interface Errors {
    /** {@code text/plain}, with the message: what a server has unless said. */
    Errors TEXT = Response::error;

    /** {@code application/problem+json} (RFC 9457), with the message as its {@code detail}. */
    Errors PROBLEMS = (status, message) -> Response.bytes("application/problem+json", Problem.json(status, message));

    /**
     * {@return an answer with that look} Its content counts, and its content type; the status is the error's, whatever it says.
     *
     * @param message for the client to read, empty where there is none
     * @throws Exception when that can't be shown: it is reported, and the client gets {@link #TEXT}
     */
    Response show(int status, String message) throws Exception;

    /** {@return {@code answer}, with this look where it is an error that has none of its own} A server does that; a test of a handler may. */
    default Response on(Response answer) throws Exception {
        String message = answer.message();
        if (message == null) {
            return answer;
        }
        Response shown = show(answer.status(), message);
        Response other = answer.content(shown.content());
        String type = shown.header("content-type");
        return type == null ? other.withoutHeader("content-type") : other.header("content-type", type);
    }
}
