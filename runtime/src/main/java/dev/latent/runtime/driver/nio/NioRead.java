package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** {@link TcpStream#read}. */
final class NioRead extends NioOp<Integer> {
    private final NioTcpStream stream;
    private final ByteBuffer to;

    NioRead(NioTcpStream stream, ByteBuffer to) {
        super(SelectionKey.OP_READ);
        this.stream = stream;
        this.to = to;
    }

    @Override
    NioTcpStream source() {
        return stream;
    }

    @Override
    @Nullable
    Poll<Integer> attempt(Context cx) throws IOException {
        if (!to.hasRemaining()) {
            throw new IllegalArgumentException(this + " into a full buffer: clear() or compact() it first");
        }
        int n = stream.readNow(to);
        return n == 0 ? null : Poll.ready(n);
    }

    @Override
    public String toString() {
        return "read of " + stream;
    }
}
