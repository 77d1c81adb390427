package dev.latent.runtime.driver.nio;

import dev.latent.io.TcpOptions;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** {@link TcpOptions} in the words of the JDK. */
final class SocketSettings {
    private SocketSettings() {}

    /** Before it connects, or as it has been accepted. */
    static void apply(TcpOptions options, SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay());
        if (options.keepAlive() instanceof TcpOptions.KeepAlive(Duration idle, Duration every, int probes)) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            setExtended(channel, "TCP_KEEPIDLE", seconds(idle));
            setExtended(channel, "TCP_KEEPINTERVAL", seconds(every));
            setExtended(channel, "TCP_KEEPCOUNT", probes);
        }
        if (options.linger() instanceof Duration linger) {
            channel.setOption(StandardSocketOptions.SO_LINGER, seconds(linger));
        }
        if (options.sendBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
        if (options.receiveBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
    }

    /** Before it is bound. What is accepted has its receive buffer from here. */
    static void apply(TcpOptions options, ServerSocketChannel channel) throws IOException {
        if (options.reuseAddress() instanceof Boolean reuse) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, reuse);
        }
        if (options.receiveBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
        }
    }

    private static int seconds(Duration time) {
        return (int) Math.min(time.toSeconds(), Integer.MAX_VALUE);
    }

    /** By name: the options are those of a module that need not be there. */
    @SuppressWarnings("unchecked")
    private static void setExtended(NetworkChannel channel, String name, int value) throws IOException {
        for (SocketOption<?> option : channel.supportedOptions()) {
            if (option.name().equals(name) && option.type() == Integer.class) {
                channel.setOption((SocketOption<Integer>) option, value);
            }
        }
    }
}
