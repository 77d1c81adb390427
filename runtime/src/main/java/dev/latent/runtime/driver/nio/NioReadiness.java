package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import java.nio.channels.SelectionKey;

/** {@link TcpStream#readable} and {@link TcpStream#writable}: the hint, and a wait where it says no. */
final class NioReadiness extends NioOp<Void> {
    private final NioTcpStream stream;

    NioReadiness(NioTcpStream stream, int interest) {
        super(interest);
        this.stream = stream;
    }

    @Override
    NioTcpStream source() {
        return stream;
    }

    @Override
    Poll<Void> attempt(Context cx) {
        return Poll.done();
    }

    @Override
    public String toString() {
        return (interest == SelectionKey.OP_READ ? "readable of " : "writable of ") + stream;
    }
}
