package dev.latent.web;

import dev.latent.Context;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.web.http.Upgrade;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server that are open, and how they are told to go.
 *
 * <p>They are kept in a doubly linked list through themselves, and all of it is guarded by this object's monitor, under which nothing
 * foreign is called: wakers are woken and tasks cancelled after it is released. Whether one is idle is its own to say, under its own monitor, which is taken within this one and never the
 * other way round: {@link #drain} either sees that it is idle, or is seen by it. To take a connection out, or to drop all of them, needs
 * no memory, so the server outlives one that found none, and can be closed.
 *
 * <pre>
 *   OPEN --1--&gt; DRAINING    1 drain: who waits for a request is cancelled, what has become a WebSocket is said goodbye by {@link WebServer#serve}
 * </pre>
 */
final class Connections {
    /** Stands before an address of IPv4: in IPv6 these are groups, and nobody's own. */
    private static final long V4 = 0xffff_ffffL << Integer.SIZE;

    private @Nullable ServerConnection first;
    private int count;
    private volatile boolean draining;

    private long accepted;
    private long refused;

    /** How many of them each address has. */
    private final Map<Long, int[]> perAddress = new HashMap<>();

    /** Of the futures that wait, linked through themselves. */
    private @Nullable Until waiting;

    synchronized int count() {
        return count;
    }

    boolean isDraining() {
        return draining;
    }

    // ---- one connection ---------------------------------------------------------------------------------------------

    synchronized void add(ServerConnection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        count++;
        accepted++;
    }

    synchronized long accepted() {
        return accepted;
    }

    synchronized long refused() {
        return refused;
    }

    /** {@return whether {@code client} has no more than {@code most} connections with this one, which counts for it then} */
    synchronized boolean admits(ServerConnection connection, InetAddress client, int most) {
        Long address = network(client);
        int[] has = perAddress.get(address);
        if (has == null) {
            has = new int[1];
            perAddress.put(address, has);
        } else if (has[0] >= most) {
            refused++;
            return false;
        }
        has[0]++;
        connection.address = address;
        return true;
    }

    /** {@return what one client can't change as it likes: an address of IPv4, the first half of one of IPv6} */
    static long network(InetAddress client) {
        ByteBuffer bytes = ByteBuffer.wrap(client.getAddress());
        return bytes.remaining() < Long.BYTES ? V4 | Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
    }

    /** Needs no memory. */
    private void forgetAddress(ServerConnection connection) {
        Long address = connection.address;
        connection.address = null;
        if (address != null) {
            int[] has = perAddress.get(address);
            if (has != null && --has[0] == 0) {
                perAddress.remove(address);
            }
        }
    }

    private boolean holds(ServerConnection connection) {
        return connection.previous != null || first == connection;
    }

    /** The connection's task, by which it can be cancelled. */
    void started(ServerConnection connection, JoinHandle<Void> handle) {
        boolean cancelled;
        synchronized (this) {
            cancelled = connection.cancelled;
            if (!cancelled && holds(connection)) {
                connection.handle = handle;
                return;
            }
        }
        if (cancelled) {
            handle.close();
        } else {
            handle.detach();
        }
    }

    /** {@return whether its handler may have it: then a drain says goodbye from now on} */
    synchronized boolean opened(ServerConnection connection, Upgrade.Upgraded upgraded) {
        connection.upgraded = upgraded;
        return !draining;
    }

    void remove(ServerConnection connection) {
        JoinHandle<Void> handle;
        Until told;
        synchronized (this) {
            if (!holds(connection)) {
                return;
            }
            ServerConnection before = connection.previous;
            ServerConnection after = connection.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            connection.previous = null;
            connection.next = null;
            handle = connection.handle;
            connection.handle = null;
            count--;
            forgetAddress(connection);
            told = takeWaiting();
        }
        if (handle != null) {
            handle.detach();
        }
        wake(told);
    }

    // ---- all of them ------------------------------------------------------------------------------------------------

    /** Edge 1. */
    void drain() {
        Until told;
        ServerConnection idle;
        synchronized (this) {
            draining = true;
            told = takeWaiting();
            idle = cancelled(true);
        }
        wake(told);
        drop(idle);
    }

    /** Has every connection's task dropped; they leave the list as they end. */
    void cancelAll() {
        ServerConnection all;
        synchronized (this) {
            all = cancelled(false);
        }
        drop(all);
    }

    /** {@return those that are to be dropped now and were not before, linked} One that is being spawned gets its handle later. */
    private @Nullable ServerConnection cancelled(boolean idleOnly) {
        ServerConnection chain = null;
        for (ServerConnection c = first; c != null; c = c.next) {
            if (c.cancel(idleOnly) && c.handle != null) {
                c.nextCancelled = chain;
                chain = c;
            }
        }
        return chain;
    }

    private void drop(@Nullable ServerConnection chain) {
        for (ServerConnection c = chain; c != null; ) {
            JoinHandle<Void> handle;
            ServerConnection after;
            synchronized (this) {
                handle = c.handle; // null when it has ended meanwhile
                after = c.nextCancelled;
                c.handle = null;
                c.nextCancelled = null;
            }
            if (handle != null) {
                handle.close();
            }
            c = after;
        }
    }

    /** {@return those that have become something else than HTTP} */
    synchronized List<ServerConnection> withUpgrades() {
        List<ServerConnection> open = new ArrayList<>();
        for (ServerConnection c = first; c != null; c = c.next) {
            if (c.upgraded != null) {
                open.add(c);
            }
        }
        return open;
    }

    // ---- waiting ----------------------------------------------------------------------------------------------------

    /** {@return a future that is ready when there are no connections} */
    Until none() {
        return new Until(this, 0, false);
    }

    /** {@return a future that is ready when there is room for one more of {@code max}, or none is to be accepted any more} */
    Until roomFor(int max) {
        return new Until(this, max - 1, true);
    }

    static final class Until extends OwnedFuture<Void> {
        private final Connections connections;
        private final int most;
        private final boolean orDraining;
        private @Nullable Waker waker;
        private @Nullable Until next;

        private Until(Connections connections, int most, boolean orDraining) {
            this.connections = connections;
            this.most = most;
            this.orDraining = orDraining;
        }

        private boolean isTrue() {
            return connections.count <= most || orDraining && connections.draining;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            return connections.poll(this, cx.waker()) ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            connections.forget(this);
        }

        @Override
        public String toString() {
            return "until at most " + most + " connections are open";
        }
    }

    private synchronized boolean poll(Until who, Waker waker) {
        if (who.isTrue()) {
            forget(who);
            return true;
        }
        if (who.waker == null) {
            who.next = waiting;
            waiting = who;
        }
        who.waker = waker;
        return false;
    }

    private synchronized void forget(Until who) {
        Until before = null;
        for (Until u = waiting; u != null; before = u, u = u.next) {
            if (u == who) {
                if (before == null) {
                    waiting = u.next;
                } else {
                    before.next = u.next;
                }
                u.next = null;
                u.waker = null;
                return;
            }
        }
    }

    /** {@return those that need not wait any more, linked} */
    private @Nullable Until takeWaiting() {
        Until told = null;
        Until left = null;
        for (Until u = waiting; u != null; ) {
            Until after = u.next;
            if (u.isTrue()) {
                u.next = told;
                told = u;
            } else {
                u.next = left;
                left = u;
            }
            u = after;
        }
        waiting = left;
        return told;
    }

    private void wake(@Nullable Until told) {
        for (Until u = told; u != null; ) {
            Waker waker;
            Until after;
            synchronized (this) {
                waker = u.waker;
                after = u.next;
                u.waker = null;
                u.next = null;
            }
            if (waker != null) {
                waker.wake();
            }
            u = after;
        }
    }
}
