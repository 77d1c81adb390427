package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.io.Addresses;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.NetErrors;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to one address. The stream is its own until it is ready; failed or dropped, it closes it. */
final class NioConnect extends NioOp<TcpStream> {
    private final NioTcpStream stream;
    private boolean begun;

    NioConnect(NioTcpStream stream) {
        super(SelectionKey.OP_CONNECT);
        this.stream = stream;
    }

    @Override
    NioTcpStream source() {
        return stream;
    }

    @Override
    @Nullable
    Poll<TcpStream> attempt(Context cx) throws IOException {
        try {
            boolean connected = begun ? stream.channel().finishConnect() : begin();
            if (!connected) {
                stream.outputReady = false;
                return null;
            }
            stream.connected();
            return Poll.ready(stream);
        } catch (IOException e) {
            stream.close();
            throw NetErrors.connect(stream.remoteAddress(), e);
        }
    }

    private boolean begin() throws IOException {
        begun = true;
        try {
            return stream.channel().connect(stream.remoteAddress());
        } catch (UnsupportedAddressTypeException e) {
            throw new SocketException("this JVM does not use addresses of that kind");
        }
    }

    @Override
    void dropped() {
        stream.close();
    }

    @Override
    public String toString() {
        return "connect to " + Addresses.text(stream.remoteAddress());
    }
}
