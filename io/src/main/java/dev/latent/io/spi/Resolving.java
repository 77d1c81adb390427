package dev.latent.io.spi;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A future that needs the addresses of a host before it can begin. It asks the world's
 * {@link Resolver}; literals and {@code localhost} (which RFC 6761 ties to the loopback) ask nobody.
 */
public abstract class Resolving<T> extends OwnedFuture<T> {
    private final InetSocketAddress address;
    private @Nullable Future<List<InetAddress>> lookup;
    private InetSocketAddress @Nullable [] found;

    /**
     * For subclasses.
     *
     * @param address resolved, or a host name
     */
    protected Resolving(InetSocketAddress address) {
        this.address = address;
    }

    /** {@return what is to be resolved} */
    protected final InetSocketAddress address() {
        return address;
    }

    /** As {@link OwnedFuture#pollOwned}, with at least one address. */
    protected abstract Poll<T> pollResolved(InetSocketAddress[] found, Context cx) throws Exception;

    /** As {@link OwnedFuture#dropOwned}, once resolved. */
    protected abstract void dropResolved();

    @Override
    protected final Poll<T> pollOwned(Context cx) throws Exception {
        InetSocketAddress[] now = found;
        if (now == null) {
            now = resolve(cx);
            if (now == null) {
                return Poll.pending();
            }
            found = now;
        }
        return pollResolved(now, cx);
    }

    private InetSocketAddress @Nullable [] resolve(Context cx) throws Exception {
        if (!address.isUnresolved()) {
            return new InetSocketAddress[] {address};
        }
        String host = address.getHostString();
        if (lookup == null) {
            List<InetAddress> known = withoutAsking(host);
            if (known != null) {
                return withPort(known);
            }
            lookup = cx.capability(Resolver.class).resolve(host);
            Owners.claim(lookup, this);
        }
        try {
            return Owners.poll(lookup, this, cx) instanceof Poll.Ready<List<InetAddress>>(var addresses)
                    ? withPort(addresses)
                    : null;
        } catch (UnknownHostException e) {
            throw NetErrors.unknownHost(host, e);
        }
    }

    private static @Nullable List<InetAddress> withoutAsking(String host) throws UnknownHostException {
        if (host.equalsIgnoreCase("localhost")) {
            byte[] v6 = new byte[16];
            v6[15] = 1;
            return List.of(
                    InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}), InetAddress.getByAddress(host, v6));
        }
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private InetSocketAddress[] withPort(List<InetAddress> addresses) throws UnknownHostException {
        if (addresses.isEmpty()) {
            throw new UnknownHostException("the resolver found no address");
        }
        return addresses.stream()
                .map(found -> new InetSocketAddress(found, address.getPort()))
                .toArray(InetSocketAddress[]::new);
    }

    @Override
    protected final void dropOwned() {
        if (found != null) {
            dropResolved();
        } else if (lookup != null) {
            Owners.drop(lookup, this);
        }
    }
}
