package dev.latent.io.spi;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.Addresses;
import dev.latent.world.Timers;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connect to whichever address of a host answers first (RFC 8305, "Happy Eyeballs").
 *
 * <p>The addresses are tried in the order of the resolver, IPv6 and IPv4 in turns, beginning with the kind of the first. The next one is tried when
 * one before has failed, or has not answered for {@link #DELAY}; what was begun goes on meanwhile. The first connection ends it, and the other attempts are
 * dropped. When all have failed it fails with what the first one said, the others behind it.
 *
 * <p>Against the RFC: names are resolved in one question, since that is what a {@link dev.latent.io.Resolver} answers; nothing is remembered of earlier connections.
 * On an executor without timers, the next attempt begins only when the one before has failed.
 *
 * <p><em>Cancel safety:</em> dropped, all attempts are.
 *
 * @param <T> a connection
 */
public final class HappyEyeballs<T> extends Resolving<T> {
    /** The Connection Attempt Delay that the RFC recommends. */
    public static final Duration DELAY = Duration.ofMillis(250);

    /** Begins to connect. */
    @FunctionalInterface
    public interface Attempt<T> {
        /**
         * {@return a future of a connection to {@code address}, which fails with an {@link IOException}}
         *
         * <p><em>Cancel safety:</em> dropped, the attempt is given up and its socket closed.
         */
        Future<T> to(InetSocketAddress address) throws IOException;
    }

    private final Attempt<T> attempt;

    /** Null until the addresses are known; then those that were not tried. */
    private @Nullable Deque<InetSocketAddress> left;

    private final List<Future<T>> running = new ArrayList<>(1);
    private @Nullable Future<Void> pause;
    private @Nullable IOException failure;

    /**
     * A connect to {@code address}.
     *
     * @param address resolved, or a host name
     */
    public HappyEyeballs(InetSocketAddress address, Attempt<T> attempt) {
        super(address);
        this.attempt = attempt;
    }

    /** {@return {@code found}, its two kinds in turns, each in its order} */
    static Deque<InetSocketAddress> inTurns(InetSocketAddress[] found) {
        Deque<InetSocketAddress> first = new ArrayDeque<>();
        Deque<InetSocketAddress> second = new ArrayDeque<>();
        for (InetSocketAddress each : found) {
            (isV6(each) == isV6(found[0]) ? first : second).add(each);
        }
        Deque<InetSocketAddress> mixed = new ArrayDeque<>();
        while (!first.isEmpty() || !second.isEmpty()) {
            for (Deque<InetSocketAddress> kind : List.of(first, second)) {
                if (!kind.isEmpty()) {
                    mixed.add(kind.remove());
                }
            }
        }
        return mixed;
    }

    private static boolean isV6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    @Override
    protected Poll<T> pollResolved(InetSocketAddress[] found, Context cx) throws Exception {
        Deque<InetSocketAddress> untried = left;
        if (untried == null) {
            untried = inTurns(found);
            left = untried;
        }
        try {
            return pollAttempts(untried, cx);
        } catch (Throwable t) {
            dropResolved();
            throw t;
        }
    }

    private Poll<T> pollAttempts(Deque<InetSocketAddress> untried, Context cx) throws Exception {
        if (running.isEmpty()) {
            begin(untried);
        }
        while (true) {
            for (int i = 0; i < running.size(); i++) {
                Future<T> one = running.get(i);
                try {
                    if (Owners.poll(one, this, cx) instanceof Poll.Ready<T> connected) {
                        running.remove(i);
                        dropResolved();
                        return connected;
                    }
                } catch (IOException e) {
                    running.remove(i--);
                    failed(e);
                    dropPause();
                    begin(untried);
                } catch (Throwable t) {
                    running.remove(i);
                    throw t;
                }
            }
            if (running.isEmpty() && failure != null) {
                throw failure;
            }
            if (untried.isEmpty() || !isTime(cx)) {
                return Poll.pending();
            }
            begin(untried);
        }
    }

    /** Begins the next attempt that can be begun. */
    private void begin(Deque<InetSocketAddress> untried) {
        for (InetSocketAddress next = untried.poll(); next != null; next = untried.poll()) {
            try {
                Future<T> begun = attempt.to(next);
                Owners.claim(begun, this);
                running.add(begun);
                return;
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private void failed(IOException e) {
        if (failure == null) {
            failure = e;
        } else if (failure != e) { // attempts may share one
            failure.addSuppressed(e);
        }
    }

    private boolean isTime(Context cx) throws Exception {
        if (pause == null) {
            if (cx.executor().capability(Timers.class) == null) {
                return false;
            }
            pause = Async.sleep(DELAY);
            Owners.claim(pause, this);
        }
        if (!Owners.poll(pause, this, cx).isReady()) {
            return false;
        }
        pause = null;
        return true;
    }

    private void dropPause() {
        if (pause != null) {
            Owners.drop(pause, this);
            pause = null;
        }
    }

    @Override
    protected void dropResolved() {
        dropPause();
        running.forEach(one -> Owners.drop(one, this));
        running.clear();
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.copyOf(running);
    }

    @Override
    public String toString() {
        return "connect to " + Addresses.text(address());
    }
}
