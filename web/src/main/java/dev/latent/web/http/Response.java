package dev.latent.web.http;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.OpenFile;
import dev.latent.stream.AsyncStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer: a status, header fields, and a body. It never changes; one whose body is a stream or a file can be sent once, and is closed where nobody sends it.
 *
 * <p>What belongs to the connection ({@code Content-Length}, {@code Transfer-Encoding}, {@code Date}) is the server's to say.
 */
public final class Response implements AsyncCloseable {
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;
    private static final int SWITCHING = 101;

    private final int status;
    private final Headers headers;
    private final Content content;

    /** Of an error that has no look of its own; null for any other answer. */
    private final @Nullable String message;

    /** What a body is made of. */
    public sealed interface Content {
        /** All of it. */
        record Bytes(byte[] bytes) implements Content {
            public Bytes {
                Objects.requireNonNull(bytes);
            }
        }

        /**
         * What comes over time; it is asked for no more than the client takes.
         *
         * @param length in bytes, negative where it is not known
         */
        record Streamed(AsyncStream<ByteBuffer> pieces, long length) implements Content {
            public Streamed {
                Objects.requireNonNull(pieces);
            }
        }

        /** {@code length} bytes of {@code file} from {@code from} on. The file is closed once they are sent, or can't be. */
        record OfFile(OpenFile file, long from, long length) implements Content {
            /** @throws IllegalArgumentException when {@code from} or {@code length} is negative; the file is the caller's still */
            public OfFile {
                Objects.requireNonNull(file);
                if (from < 0 || length < 0) {
                    throw new IllegalArgumentException(length + " bytes of a file from " + from + " on");
                }
            }
        }

        /** None, ever: the connection becomes another. */
        record Upgraded(Upgrade to) implements Content {
            public Upgraded {
                Objects.requireNonNull(to);
            }
        }
    }

    private static final Content NOTHING = new Content.Bytes(new byte[0]);

    private Response(int status, Headers headers, Content content) {
        this(status, headers, content, null);
    }

    private Response(int status, Headers headers, Content content, @Nullable String message) {
        this.status = status;
        this.headers = headers;
        this.content = Objects.requireNonNull(content);
        this.message = message;
    }

    // ---- making one -------------------------------------------------------------------------------------------------

    /** {@return an answer without a body} */
    public static Response of(int status) {
        check(status);
        return new Response(status, Headers.NONE, NOTHING);
    }

    /** {@return an error, of which the server says how it looks, by its {@link Errors}; the client may read {@code message}} To give it another body is to give it a look of its own. */
    public static Response error(int status, String message) {
        check(status);
        String type = message.isEmpty() ? "text/plain" : "text/plain; charset=utf-8";
        Content text = message.isEmpty() ? NOTHING : new Content.Bytes(message.getBytes(StandardCharsets.UTF_8));
        return new Response(status, Headers.NONE.plus("content-type", type), text, message);
    }

    /** {@return 200 with a text} */
    public static Response text(String text) {
        return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return 200 with a page} */
    public static Response html(String page) {
        return bytes("text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return 200 with {@code bytes}, which must not change any more} */
    public static Response bytes(String contentType, byte[] bytes) {
        return new Response(200, Headers.NONE.plus("content-type", contentType), new Content.Bytes(bytes));
    }

    /** {@return 200 with what {@code pieces} gives; the stream is closed when it has been sent, or the client has gone} */
    public static Response stream(String contentType, AsyncStream<ByteBuffer> pieces) {
        return new Response(200, Headers.NONE.plus("content-type", contentType), new Content.Streamed(pieces, -1));
    }

    /** {@return the same, with a length that is known} A stream of another length ends the connection. */
    public static Response stream(String contentType, AsyncStream<ByteBuffer> pieces, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("a body of " + length + " bytes");
        }
        return new Response(200, Headers.NONE.plus("content-type", contentType), new Content.Streamed(pieces, length));
    }

    /** {@return 200 with server-sent events, as long as {@code events} gives some} */
    public static Response events(AsyncStream<ServerSentEvent> events) {
        return stream("text/event-stream", events.map(ServerSentEvent::encode)).header("cache-control", "no-store");
    }

    /**
     * {@return 200 with {@code length} bytes of {@code file} from {@code from} on; it is closed by whoever sends it}
     *
     * @throws IllegalArgumentException when one of the two is negative
     */
    public static Response file(String contentType, OpenFile file, long from, long length) {
        return new Response(
                200, Headers.NONE.plus("content-type", contentType), new Content.OfFile(file, from, length));
    }

    /** {@return 303: the client is to get {@code location}} Spaces and letters beyond ASCII are encoded. Where it is to ask again by the same method: {@code .status(307)}. */
    public static Response seeOther(String location) {
        return of(303).header("location", Percent.written(location));
    }

    /** {@return 308: the same is at {@code location} for ever} */
    public static Response movedTo(String location) {
        return seeOther(location).status(308);
    }

    /** {@return 101 with these headers; behind it the connection is what {@code upgrade} makes of it} Where the request has a body that was not read to its end, the client gets 400 instead. */
    public static Response upgrade(Headers headers, Upgrade upgrade) {
        return new Response(SWITCHING, headers, new Content.Upgraded(upgrade));
    }

    // ---- changing one -----------------------------------------------------------------------------------------------

    /** {@return this, with another status} */
    public Response status(int newStatus) {
        check(newStatus);
        return new Response(newStatus, headers, content, message);
    }

    /**
     * {@return this, with {@code value} as the only one of that name}
     *
     * @throws IllegalArgumentException when a name or a value can't be written, or is the server's to say
     */
    public Response header(String name, String value) {
        if (name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("transfer-encoding")) {
            throw new IllegalArgumentException(name + " is the server's to say, which knows the body");
        }
        return new Response(status, headers.with(name, value), content, message);
    }

    /**
     * {@return this, with {@code others} in the place of those of the same names} What another server has answered is handed on by
     * {@code Response.of(…).headers(Headers.of(answer.headers().map()).without(…))}, without those that speak of its own connection (RFC 9110, 7.6.1) and body, {@code connection},
     * {@code transfer-encoding} and {@code content-length} among them; {@code examples/ReverseProxy.java} has all of them. From a client of HTTP/2 there is {@code :status} as well, which
     * no {@link Headers} hold.
     *
     * @throws IllegalArgumentException as {@link #header} does
     */
    public Response headers(Headers others) {
        Response[] with = {this};
        others.forEach((name, _) -> with[0] = with[0].withoutHeader(name));
        others.forEach((name, value) -> with[0] = with[0].addHeader(name, value));
        return with[0];
    }

    /** {@return this, with one more field} */
    public Response addHeader(String name, String value) {
        Headers one = header(name, value).headers; // which checks
        return new Response(status, headers.contains(name) ? headers.plus(name, value) : one, content, message);
    }

    /** {@return this, setting {@code cookie}} */
    public Response cookie(Cookie cookie) {
        return addHeader("set-cookie", cookie.encode());
    }

    /** {@return this, without a field} */
    public Response withoutHeader(String name) {
        return new Response(status, headers.without(name), content, message);
    }

    /** {@return this, with another body} */
    public Response content(Content other) {
        return new Response(status, headers, other);
    }

    private static void check(int status) {
        if (status < MIN_STATUS || status > MAX_STATUS) {
            throw new IllegalArgumentException("not the status of an answer: " + status);
        }
    }

    // ---- looking at it ----------------------------------------------------------------------------------------------

    /** {@return its status} */
    public int status() {
        return status;
    }

    /** {@return its fields} */
    public Headers headers() {
        return headers;
    }

    /** {@return the first value of that name, null where there is none} */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** {@return what an error says that has no look of its own; null for any other answer} */
    @Nullable
    String message() {
        return message;
    }

    /** {@return its body} */
    public Content content() {
        return content;
    }

    /** Lets go of its body, which will not be sent. */
    @Override
    public void close() {
        switch (content) {
            case Content.Streamed(var pieces, var _) -> pieces.close();
            case Content.OfFile(var file, var _, var _) -> file.close();
            case Content.Bytes _, Content.Upgraded _ -> {}
        }
    }

    /** {@return the same as {@link #close}, ready when it is closed} */
    @Override
    public Future<Void> closeAsync() {
        return switch (content) {
            case Content.Streamed(var pieces, var _) -> pieces.closeAsync();
            case Content.OfFile(var file, var _, var _) -> file.closeAsync();
            case Content.Bytes _, Content.Upgraded _ -> Futures.done();
        };
    }

    @Override
    public String toString() {
        return "response " + status;
    }
}
