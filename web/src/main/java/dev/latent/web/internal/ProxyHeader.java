package dev.latent.web.internal;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header of the PROXY protocol, versions 1 and 2, by Netty's decoder, called without a channel. */
public final class ProxyHeader extends HAProxyMessageDecoder {
    /** Of a header of version 2, behind its addresses. */
    private static final int MAX_MORE = 512;

    private final List<Object> out = new ArrayList<>(1);
    private final InetSocketAddress proxy;

    /** A header that comes from {@code proxy}. */
    public ProxyHeader(InetSocketAddress proxy) {
        super(MAX_MORE);
        this.proxy = proxy;
    }

    /**
     * {@return the address of the client, the proxy's own where that speaks for itself; null when more is needed} What belongs to the header is taken out of {@code in}.
     *
     * @throws ProtocolException when there is no such header
     */
    public @Nullable InetSocketAddress client(HeadBuffer in) throws ProtocolException {
        ByteBuf bytes = in.view();
        try {
            decode(null, bytes, out);
        } catch (Exception e) {
            throw new ProtocolException("no header of the PROXY protocol");
        }
        in.skip(bytes.readerIndex());
        if (out.isEmpty()) {
            if (in.isFull()) {
                throw new ProtocolException("no header of the PROXY protocol");
            }
            return null;
        }
        HAProxyMessage message = (HAProxyMessage) out.getFirst();
        try {
            String address = message.sourceAddress();
            return address == null
                    ? proxy
                    : new InetSocketAddress(InetAddress.ofLiteral(address), message.sourcePort());
        } catch (IllegalArgumentException e) { // of a Unix socket
            return proxy;
        } finally {
            message.release();
        }
    }
}
