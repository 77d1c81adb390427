package dev.latent.interop.http;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Spawner;
import dev.latent.stream.AsyncStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Requests by the JDK's {@link HttpClient}, as futures.
 *
 * {@snippet :
 * var response = await(Http.send(client, HttpRequest.newBuilder(uri).build()));
 * try (var body = response.body()) {
 *     await(AsyncBufReader.of(body).lines().forEach(line -> await(handle(line))));
 * }
 * }
 */
public final class Http {
    private Http() {}

    /**
     * {@return a future of the response to {@code request}, ready with its head; its body is read as it comes, no faster than it is asked for}
     *
     * <p>The body is the receiver's to close; one that nobody receives is closed.
     *
     * <p><em>Cancel safety:</em> dropped, the exchange is cancelled.
     *
     * <p><em>Throws</em> what {@link HttpClient#send} throws.
     */
    public static Future<HttpResponse<HttpBody>> send(HttpClient client, HttpRequest request) {
        return new Exchange(client, request);
    }

    /**
     * {@return as {@link #send(HttpClient, HttpRequest)}, with a body that {@code handler} makes, mostly of all of it}
     *
     * <p>Of a handler whose body has to be closed, a body that nobody receives is not; take {@link #send(HttpClient, HttpRequest)} instead.
     */
    public static <T> Future<HttpResponse<T>> send(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return Futures.fromCompletionStage(() -> client.sendAsync(request, handler));
    }

    /**
     * {@return a body of a request, of the bytes that a stream gives, as fast as the peer takes them; its length is not told}
     *
     * @param spawner a task of it runs the stream; cancelling the exchange drops that, cleanup included
     * @param streams makes a stream for each time that the request is sent: again after a redirect, for instance
     */
    public static HttpRequest.BodyPublisher body(
            Spawner spawner, Supplier<? extends AsyncStream<? extends ByteBuffer>> streams) {
        return HttpRequest.BodyPublishers.fromPublisher(AsyncStream.publisher(spawner, streams));
    }

    /** {@return as {@link #body(Spawner, Supplier)}, of {@code length} bytes, which the stream has to give exactly} */
    public static HttpRequest.BodyPublisher body(
            Spawner spawner, Supplier<? extends AsyncStream<? extends ByteBuffer>> streams, long length) {
        return HttpRequest.BodyPublishers.fromPublisher(AsyncStream.publisher(spawner, streams), length);
    }

    /** {@return as {@link #webSocket(HttpClient, URI, int, Consumer)}, of messages of up to 1 MB} */
    public static Future<HttpWebSocket> webSocket(HttpClient client, URI uri) {
        return webSocket(client, uri, 1 << 20, _ -> {});
    }

    /**
     * {@return a future of an open WebSocket}
     *
     * <p><em>Cancel safety:</em> dropped, it is given up. The client knows no way to be told so while it waits for the server, and breaks off as that answers; a connect
     * timeout in {@code settings} bounds it.
     *
     * <p><em>Throws</em> {@link java.net.http.WebSocketHandshakeException} when it was refused.
     *
     * @param limit bytes of a message, or chars of a text, beyond which the connection is given up
     * @param settings headers, subprotocols, a connect timeout
     */
    public static Future<HttpWebSocket> webSocket(
            HttpClient client, URI uri, int limit, Consumer<? super WebSocket.Builder> settings) {
        return new HttpWebSocket.Opening(client, uri, limit, settings);
    }
}
