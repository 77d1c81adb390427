package dev.latent.web;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection (RFC 6455; messages may be compressed, RFC 7692), of a server or a client.
 *
 * <p>One task receives; any number may send, from any thread, and go out in the order of their first polls. A send is pending until
 * the network has taken the message: a reader that is too slow makes its senders wait, nothing piles up. Pings are answered by
 * whoever receives, so somebody has to.
 *
 * <p>A connection that waits holds no buffer.
 */
public interface WebSocket extends AsyncCloseable {
    /**
     * {@return a future of a connection to {@code uri}, {@code ws://host:port/path}, with {@link WebSocketLimits#DEFAULT}}
     *
     * <p><em>Cancel safety:</em> dropped, the attempt is given up and its socket closed.
     *
     * @throws IllegalArgumentException when the scheme is not {@code ws}
     */
    static Future<WebSocket> connect(URI uri) {
        return connect(uri, WebSocketLimits.DEFAULT);
    }

    /**
     * {@return the same, with other limits; for more to say there is {@link WebSocketClient}}
     *
     * <p><em>Cancel safety:</em> dropped, the attempt is given up and its socket closed.
     */
    static Future<WebSocket> connect(URI uri, WebSocketLimits limits) {
        return WebSocketClient.to(uri).limits(limits).connect();
    }

    /** {@return the subprotocol that client and server have agreed on; null when on none} */
    @Nullable
    String subprotocol();

    /**
     * {@return a future of the next message; fails with {@link WebSocketClosed} at the connection's end, and when the peer breaks
     * the protocol}
     *
     * <p><em>Cancel safety:</em> dropped, nothing is lost; half a message is kept for the next receive.
     */
    Future<Message> receive();

    /**
     * {@return a future that is ready when the network has taken {@code text}; fails with {@link WebSocketClosed}}
     *
     * <p><em>Cancel safety:</em> dropped while it waits for its turn, nothing of it is sent. Dropped half-way out, the message is
     * finished by the next send, receive or close, so the stream stays whole.
     */
    Future<Void> send(String text);

    /** {@return the same as {@link #send(String)} for a binary message; {@code bytes} belong to the send until it is ready} */
    Future<Void> send(byte[] bytes);

    /** {@return the same as {@link #send(String)} for a message that was encoded before} */
    Future<Void> send(PreparedMessage message);

    /**
     * {@return a future that is ready when a ping has been sent; the answer is taken in by {@link #receive}}
     *
     * <p><em>Cancel safety:</em> as {@link #send(String)}.
     */
    Future<Void> ping();

    /**
     * {@return a future of the time from a ping of its own until the peer's answer} Somebody has to {@link #receive} meanwhile, who takes the answer in. Fails
     * with {@link WebSocketClosed}.
     *
     * <p><em>Cancel safety:</em> dropped, the answer is passed over.
     */
    Future<Duration> roundTrip();

    /**
     * {@return a future that pings a peer which has said nothing {@code every} so often, and gives the connection up when nothing has come within
     * {@code deadline} after that; it ends with the connection, and never before}
     *
     * <p>Everybody who waits for the connection then gets a {@link WebSocketClosed} with {@link WebSocketClosed#ABNORMAL}. It finds peers that are gone without a word, and
     * those that take nothing in. While nobody {@linkplain #receive receives}, what the peer says is not heard, and it is not given up.
     *
     * {@snippet :
     * await(select(talk(socket), socket.keepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10))));
     * }
     *
     * <p><em>Cancel safety:</em> nothing is lost; the connection goes on, unwatched.
     *
     * @throws IllegalArgumentException when either is not positive
     */
    Future<Void> keepAlive(Duration every, Duration deadline);

    /**
     * {@return a future of how the connection ended, as soon as that is known here: the peer's close frame has come, or the connection broke, or was cut} To find
     * that out somebody has to {@link #receive} or {@link #send}.
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<WebSocketClosed> closed();

    /**
     * {@return a future that closes: sends a close frame behind the messages that are waiting, takes in (and throws away) what the
     * peer sends until its close frame, and ends the connection; no longer than the limits' close timeout}
     *
     * <p>Ready at once on a connection that is closed.
     *
     * <p><em>Cancel safety:</em> dropped half-way, the connection is cut.
     *
     * @param code 1000 to 1014 as far as the RFC allows them to be sent, or 3000 to 4999
     * @param reason at most 123 bytes of UTF-8
     * @throws IllegalArgumentException when a close frame can't carry them
     */
    Future<Void> close(int code, String reason);

    /** {@return the same as {@link #close(int, String)} with code 1000} */
    @Override
    default Future<Void> closeAsync() {
        return close(WebSocketClosed.NORMAL, "");
    }

    /** Cuts the connection, with a close frame (1001) as far as one can go out without waiting. */
    @Override
    void close();
}
