package dev.latent.io;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A TCP connection. One reader and one writer may wait at the same time, in the same task or in two; a second one in the same
 * direction is an {@link IllegalStateException} naming the first. It belongs to the executor that made it.
 *
 * <p>Small messages are sent at once ({@code TCP_NODELAY}). {@link #close} and {@link #closeAsync} give up what waits: it fails with
 * an {@link IOException}. Unlike {@link java.net.Socket} it has no stream view and no timeout of its own: any wait is bounded from
 * outside.
 */
public interface TcpStream extends AsyncCloseable {
    /** {@return a future of a connection to {@code host}:{@code port}, by the network of whatever executor polls it} */
    static Future<TcpStream> connect(String host, int port) {
        return NetFutures.connect(host, port);
    }

    /**
     * {@return a future of the number of bytes read into {@code to}, at least one, or -1 at the end of the stream}
     *
     * <p><em>Cancel safety:</em> dropped, no byte is lost.
     */
    Future<Integer> read(ByteBuffer to);

    /**
     * {@return a future that is ready when all of {@code from} has been handed to the network; pending while the peer reads too slowly}
     *
     * <p><em>Cancel safety:</em> dropped, {@code from}'s position tells how much went out.
     */
    Future<Void> write(ByteBuffer from);

    /**
     * {@return a future that is ready when {@link #tryRead} is worth calling; a waiting connection then needs no buffer}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Void> readable();

    /**
     * {@return a future that is ready when {@link #tryWrite} is worth calling}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Void> writable();

    /**
     * Reads without waiting.
     *
     * @return the number of bytes read, 0 when there are none now, -1 at the end of the stream
     * @throws IOException when the connection was reset or closed
     */
    int tryRead(ByteBuffer to) throws IOException;

    /**
     * Writes without waiting.
     *
     * @return the number of bytes written, 0 when the network takes none now
     * @throws IOException when the connection was reset or closed
     */
    int tryWrite(ByteBuffer from) throws IOException;

    /**
     * {@return a future that closes the sending half; the peer reads the end of the stream, and this side may go on reading}
     *
     * <p><em>Cancel safety:</em> it happens at the first poll, which is ready.
     */
    Future<Void> shutdownOutput();

    /** {@return the peer's address} */
    InetSocketAddress remoteAddress();

    /** {@return this side's address} */
    InetSocketAddress localAddress();
}
