package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** {@link TcpStream#write}. One system call costs one unit of the budget, so a fast peer does not keep a thread. */
final class NioWrite extends NioOp<Void> {
    private final NioTcpStream stream;
    private final ByteBuffer from;

    NioWrite(NioTcpStream stream, ByteBuffer from) {
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
        while (true) {
            stream.writeNow(from);
            if (!from.hasRemaining()) {
                return Poll.done();
            }
            if (!stream.outputReady) {
                return null;
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
        }
    }

    @Override
    public String toString() {
        return "write to " + stream;
    }
}
