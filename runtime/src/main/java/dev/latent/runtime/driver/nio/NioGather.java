package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** {@link TcpStream#writeAll}: as {@link NioWrite}, of several buffers, as many in one system call as go into one of {@link IoBuffers}. */
final class NioGather extends NioOp<Void> {
    private final NioTcpStream stream;
    private final ByteBuffer[] from;
    private int first;

    NioGather(NioTcpStream stream, ByteBuffer[] from) {
        super(SelectionKey.OP_WRITE);
        this.stream = stream;
        this.from = from;
    }

    @Override
    NioTcpStream source() {
        return stream;
    }

    @Override
    @Nullable
    Poll<Void> attempt(Context cx) throws IOException {
        while (!isDone()) {
            if (first == from.length - 1) {
                stream.writeNow(from[first]);
            } else {
                stream.writeNow(from, first);
            }
            if (isDone()) {
                break;
            }
            if (!stream.outputReady) {
                return null;
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
        }
        return Poll.done();
    }

    private boolean isDone() {
        while (first < from.length && !from[first].hasRemaining()) {
            first++;
        }
        return first == from.length;
    }

    @Override
    public String toString() {
        return "write to " + stream;
    }
}
