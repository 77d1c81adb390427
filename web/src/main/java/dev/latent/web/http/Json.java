package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.NotCancelSafe;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A library for JSON, which a program brings; of Jackson it takes
 *
 * <pre>{@code
 * record Jackson(ObjectMapper mapper) implements Json {
 *     public byte[] write(Object value) { return mapper.writeValueAsBytes(value); }
 *     public <T> T read(byte[] json, Class<T> type) { return mapper.readValue(json, type); }
 * }
 * }</pre>
 */
public interface Json {
    /** {@return {@code value} as JSON in UTF-8} */
    byte[] write(Object value) throws Exception;

    /** {@return what {@code json}, in UTF-8, says; a failure is taken for the client's, and so is null} */
    <T> @Nullable T read(byte[] json, Class<T> type) throws Exception;

    /** {@return the answer of that value} */
    default Response response(Object value) throws Exception {
        return Response.bytes("application/json", write(value));
    }

    /**
     * {@return a future of the value in the body of {@code request}}
     *
     * <p>Fails with an {@link HttpException}: 415 where it is said to be of another type, 400 where it can't be read or is {@code null}, 413 where it is too long.
     *
     * <p><em>Cancel safety:</em> what was read is lost.
     */
    @NotCancelSafe
    default <T> Future<T> read(Request request, Class<T> type) {
        return async(() -> {
            String said = request.header("content-type");
            if (said != null && !isJson(said)) {
                throw HttpException.of(415, "the body is to be application/json");
            }
            byte[] body = await(request.body().bytes());
            try {
                T value = read(body, type);
                if (value != null) {
                    return value;
                }
            } catch (HttpException e) {
                throw e;
            } catch (Exception e) {
                // told below: what a parser says is not for the client
            }
            throw HttpException.of(400, "the body is not the JSON that it is to be");
        });
    }

    private static boolean isJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json");
    }
}
