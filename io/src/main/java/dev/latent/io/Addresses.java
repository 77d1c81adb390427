package dev.latent.io;

import java.net.InetSocketAddress;

/** Addresses, as a person reads them. */
public final class Addresses {
    private Addresses() {}

    /** {@return {@code host:port}, an IPv6 address in brackets, without looking anything up} */
    public static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
