package dev.latent.web.http;

/** An answer as an exception: {@code throw HttpException.of(404, "no such order")}. It carries no stack: it is not a failure of the server. */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Response response;

    private HttpException(String message, Response response) {
        super(message, null, false, false);
        this.response = response;
    }

    /** {@return the exception that is answered by {@code status} and {@code message}, which the client reads; {@link Errors} say how that looks} */
    public static HttpException of(int status, String message) {
        return new HttpException(message.isEmpty() ? "answered " + status : message, Response.error(status, message));
    }

    /** {@return the exception that is answered by {@code response}} */
    public static HttpException of(Response response) {
        return new HttpException("answered " + response.status(), response);
    }

    /** {@return the status of its answer} */
    public int status() {
        return response.status();
    }

    /** {@return its answer} */
    public Response response() {
        return response;
    }
}
