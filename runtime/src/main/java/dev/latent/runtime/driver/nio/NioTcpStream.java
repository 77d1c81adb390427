package dev.latent.runtime.driver.nio;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.io.Addresses;
import dev.latent.io.OpenFile;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.ChannelFile;
import dev.latent.io.spi.FileErrors;
import dev.latent.io.spi.NetErrors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;

/**
 * A connection. It holds no buffer: what waits is a socket, this object, and one {@link NioOp} for each direction in which a
 * task waits. How those meet the parking thread is told in {@link NioSource}.
 *
 * <p>Both addresses are kept beside the channel (they are the channel's own objects), because an error is to name the peer and a
 * closed channel refuses to.
 */
final class NioTcpStream extends NioSource implements TcpStream {
    /** Of a file, in one system call: so much is worth one, and keeps a thread no longer than a poll may take. */
    private static final long MOVED_BYTES = 512 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    /** The wildcard until connected. */
    private InetSocketAddress local;

    private NioTcpStream(NioDriver driver, SocketChannel channel, InetSocketAddress remote, InetSocketAddress local) {
        super(driver);
        this.channel = channel;
        this.remote = remote;
        this.local = local;
    }

    static NioTcpStream accepted(NioDriver driver, SocketChannel channel, TcpOptions options) throws IOException {
        try {
            channel.configureBlocking(false);
            SocketSettings.apply(options, channel);
            NioTcpStream stream = new NioTcpStream(
                    driver, channel, (InetSocketAddress) channel.getRemoteAddress(), (InetSocketAddress)
                            channel.getLocalAddress());
            driver.adopt(stream);
            return stream;
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    /** {@return a stream that is yet to connect to {@code remote}: see {@link NioConnect}} */
    static NioTcpStream unconnected(NioDriver driver, InetSocketAddress remote, TcpOptions options) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            SocketSettings.apply(options, channel);
            NioTcpStream stream = new NioTcpStream(driver, channel, remote, new InetSocketAddress(0));
            driver.adopt(stream);
            return stream;
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    void connected() throws IOException {
        local = (InetSocketAddress) channel.getLocalAddress();
        disarm(SelectionKey.OP_CONNECT);
    }

    @Override
    SocketChannel channel() {
        return channel;
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return new NioRead(this, to);
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return new NioWrite(this, from);
    }

    @Override
    public Future<Void> writeAll(ByteBuffer... from) {
        return new NioGather(this, from.clone());
    }

    /** {@inheritDoc} The system moves what it has at hand by {@code sendfile}; the rest a thread has it read, as {@link ChannelFile} tells. */
    @Override
    public Future<Void> writeFile(OpenFile from, long bytes) {
        if (!(from instanceof ChannelFile file)) {
            return TcpStream.super.writeFile(from, bytes);
        }
        return async(() -> {
            long left = bytes;
            while (left > 0) {
                checkAlone(SelectionKey.OP_WRITE, null, "writeFile");
                if (isClosed()) {
                    throw NetErrors.closed("write to " + this);
                }
                long asked = Math.min(left, MOVED_BYTES);
                long n;
                try {
                    n = await(file.moveTo(this::take, asked));
                } catch (FileSystemException e) {
                    throw e;
                } catch (IOException e) {
                    throw writeFailure(e);
                }
                if (n < 0) {
                    throw FileErrors.endedEarly(file, left);
                }
                left -= n;
                if (n < asked && left > 0) {
                    outputReady = false;
                    await(writable());
                }
            }
        });
    }

    /** On the thread that moves: it may wait for the disk, so nobody closes under its feet, nor waits for it to do so. */
    private long take(FileChannel file, long from, long atMost) throws IOException {
        if (!begins()) {
            throw new ClosedChannelException();
        }
        try {
            return file.transferTo(from, atMost, channel);
        } finally {
            ended();
        }
    }

    @Override
    public Future<Void> readable() {
        return new NioReadiness(this, SelectionKey.OP_READ);
    }

    @Override
    public Future<Void> writable() {
        return new NioReadiness(this, SelectionKey.OP_WRITE);
    }

    @Override
    public int tryRead(ByteBuffer to) throws IOException {
        checkAlone(SelectionKey.OP_READ, null, "tryRead");
        return readNow(to);
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        checkAlone(SelectionKey.OP_WRITE, null, "tryWrite");
        return writeNow(from);
    }

    /** As {@link #tryRead}. A short read means that the socket is empty now. */
    int readNow(ByteBuffer to) throws IOException {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("read into a read-only buffer");
        }
        if (!to.hasRemaining()) {
            return 0;
        }
        if (isClosed()) {
            throw NetErrors.closed("read of " + this);
        }
        int wanted = to.isDirect() ? to.remaining() : Math.min(to.remaining(), IoBuffers.BYTES);
        int n;
        try {
            n = to.isDirect() ? channel.read(to) : readHeap(to, wanted);
        } catch (ClosedChannelException e) {
            throw NetErrors.closedMeanwhile("read of " + this);
        } catch (IOException e) {
            throw NetErrors.transfer("reading from", remote, e);
        }
        if (n >= 0 && n < wanted) {
            inputReady = false;
        }
        return n;
    }

    private int readHeap(ByteBuffer to, int wanted) throws IOException {
        ByteBuffer direct = driver.buffers().take();
        try {
            int n = channel.read(direct.limit(wanted));
            to.put(direct.flip());
            return n;
        } finally {
            driver.buffers().give(direct);
        }
    }

    /** As {@link #tryWrite}. A short write means that the network takes no more now. */
    int writeNow(ByteBuffer from) throws IOException {
        if (!from.hasRemaining()) {
            return 0;
        }
        if (isClosed()) {
            throw NetErrors.closed("write to " + this);
        }
        int wanted = from.isDirect() ? from.remaining() : Math.min(from.remaining(), IoBuffers.BYTES);
        int n;
        try {
            n = from.isDirect() ? channel.write(from) : writeHeap(from, wanted);
        } catch (IOException e) {
            throw writeFailure(e);
        }
        if (n < wanted) {
            outputReady = false;
        }
        return n;
    }

    /** As {@link #writeNow(ByteBuffer)}, of those from {@code first} on, up to what one system call takes. */
    void writeNow(ByteBuffer[] from, int first) throws IOException {
        if (isClosed()) {
            throw NetErrors.closed("write to " + this);
        }
        ByteBuffer direct = driver.buffers().take();
        try {
            for (int i = first; i < from.length && direct.hasRemaining(); i++) {
                ByteBuffer each = from[i];
                int part = Math.min(each.remaining(), direct.remaining());
                direct.put(direct.position(), each, each.position(), part).position(direct.position() + part);
            }
            int wanted = direct.position();
            int n = channel.write(direct.flip());
            if (n < wanted) {
                outputReady = false;
            }
            for (int i = first; n > 0; i++) {
                int part = Math.min(from[i].remaining(), n);
                from[i].position(from[i].position() + part);
                n -= part;
            }
        } catch (IOException e) {
            throw writeFailure(e);
        } finally {
            driver.buffers().give(direct);
        }
    }

    private IOException writeFailure(IOException e) {
        if (!(e instanceof ClosedChannelException)) {
            return NetErrors.transfer("writing to", remote, e);
        }
        return isClosed()
                ? NetErrors.closedMeanwhile("write to " + this)
                : new IOException("write to " + this + " came after shutdownOutput");
    }

    private int writeHeap(ByteBuffer from, int wanted) throws IOException {
        ByteBuffer direct = driver.buffers().take();
        try {
            direct.put(0, from, from.position(), wanted);
            int n = channel.write(direct.limit(wanted));
            from.position(from.position() + n);
            return n;
        } finally {
            driver.buffers().give(direct);
        }
    }

    @Override
    public Future<Void> shutdownOutput() {
        return new NioAction("shutdownOutput of " + this, this::shutdownNow);
    }

    private void shutdownNow() throws IOException {
        checkAlone(SelectionKey.OP_WRITE, null, "shutdownOutput");
        try {
            channel.shutdownOutput();
        } catch (ClosedChannelException e) {
            throw NetErrors.closed("shutdownOutput of " + this);
        } catch (IOException e) {
            throw NetErrors.transfer("shutting down the output to", remote, e);
        }
    }

    @Override
    public Future<Void> closeAsync() {
        return new NioAction("close of " + this, this::close);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public String toString() {
        return "TcpStream[" + Addresses.text(local) + " to " + Addresses.text(remote) + "]";
    }
}
