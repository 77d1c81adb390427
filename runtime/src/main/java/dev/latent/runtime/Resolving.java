package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.world.BlockingPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A future that needs the addresses of a host before it can begin. The system's resolver blocks, so it runs on the
 * {@link BlockingPool}; literals and {@code localhost} (which RFC 6761 ties to the loopback) ask nobody.
 */
abstract class Resolving<T> extends OwnedFuture<T> {
    private final InetSocketAddress address;
    private @Nullable Future<InetAddress[]> lookup;
    private InetSocketAddress @Nullable [] found;

    Resolving(InetSocketAddress address) {
        this.address = address;
    }

    final InetSocketAddress address() {
        return address;
    }

    /** As {@link OwnedFuture#pollOwned}, with at least one address. */
    abstract Poll<T> pollResolved(InetSocketAddress[] found, Context cx) throws Exception;

    /** As {@link OwnedFuture#dropOwned}, once resolved. */
    abstract void dropResolved();

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
            InetAddress[] known = withoutAsking(host);
            if (known != null) {
                return withPort(known);
            }
            lookup = cx.capability(BlockingPool.class).run(() -> InetAddress.getAllByName(host));
            Owners.claim(lookup, this);
        }
        try {
            return Owners.poll(lookup, this, cx) instanceof Poll.Ready<InetAddress[]>(InetAddress[] addresses)
                    ? withPort(addresses)
                    : null;
        } catch (UnknownHostException e) {
            throw Errors.unknownHost(host, e);
        }
    }

    private static InetAddress @Nullable [] withoutAsking(String host) throws UnknownHostException {
        if (host.equalsIgnoreCase("localhost")) {
            byte[] v6 = new byte[16];
            v6[15] = 1;
            return new InetAddress[] {
                InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}), InetAddress.getByAddress(host, v6)
            };
        }
        try {
            return new InetAddress[] {InetAddress.ofLiteral(host)};
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private InetSocketAddress[] withPort(InetAddress[] addresses) {
        InetSocketAddress[] all = new InetSocketAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = new InetSocketAddress(addresses[i], address.getPort());
        }
        return all;
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
