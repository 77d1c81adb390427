package dev.latent.runtime.driver.nio;

import dev.latent.Foreign;
import dev.latent.Waker;
import dev.latent.io.Net;
import dev.latent.io.spi.NetErrors;
import dev.latent.runtime.driver.Driver;
import dev.latent.runtime.driver.Parking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The driver that runs on every platform: one {@link Selector}.
 *
 * <p><b>Parking.</b> {@link Parking} tells {@link #unpark} and a change of interest whether anybody has to be pulled out of the
 * selector. A wakeup that arrives after its thread came out by itself makes the next park return early, which costs one look and is
 * otherwise harmless.
 *
 * <p><b>Releases.</b> A channel's descriptor is freed by the select after its close, so a park first takes the {@code releases}
 * and runs them when its select has returned. A park that holds releases never waits: their notice was for it, and may have been
 * used up by the park before.
 *
 * <p><b>Interest armed by another thread</b> ({@link #armed}). The selector queues the change, and takes the queue
 * over at the start of each select. The changing thread writes the queue, then reads {@code parking}; the parking thread enters
 * it, then reads the queue. Both are sequentially consistent, so one of them sees the other: no change waits in the
 * queue while a thread sleeps.
 *
 * <p><b>Wakers run outside locks.</b> A selector holds two monitors while it reports. The report only collects wakers; they are
 * woken when the select has returned.
 *
 * <p><b>Grain.</b> A selector's timeout counts in milliseconds. It is rounded up: a timer may be late by less than one, and a
 * thread never spins through the last fraction. An interrupted thread comes out at once, its flag still set.
 *
 * <table>
 * <caption>Shared fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code parking}</td><td>the parking thread; {@code unpark}</td><td>any</td><td>see there</td></tr>
 * <tr><td>{@code woken}, {@code useless} and their counts, {@code events}</td><td>the parking thread</td><td>the same</td><td>one thread parks at a time</td></tr>
 * <tr><td>{@code counts}</td><td>the parking thread</td><td>any</td><td>opaque</td></tr>
 * <tr><td>{@code unregistered}</td><td>any: a socket is made, registered or closed</td><td>{@code close}</td><td>concurrent set</td></tr>
 * <tr><td>{@code releases}</td><td>any: a listener was closed</td><td>the parking thread</td><td>concurrent queue, before {@code unpark}</td></tr>
 * </table>
 */
public final class NioDriver implements Driver {
    /** What a driver has done so far, for tests and statistics. */
    public enum Count {
        /** Looks at the kernel, waiting or not. */
        SELECTS,
        /** Keys that were reported ready. */
        EVENTS,
        /** Reports, one for each direction of a key, that found nobody to wake. */
        USELESS,
        /** Tasks that were woken. */
        WOKEN
    }

    /** Useless reports in a row after which interest is taken back. A look that does not wait costs nothing but the report. */
    static final int USELESS = 64;

    private final Selector selector;
    private final NioNet net = new NioNet(this);
    private final IoBuffers buffers = new IoBuffers();
    private final LongAdder interestChanges = new LongAdder();
    private final Set<NioSource> unregistered = ConcurrentHashMap.newKeySet();
    private final Queue<Foreign.Call> releases = new ConcurrentLinkedQueue<>();

    /** One object, so that a park allocates nothing. */
    private final Consumer<SelectionKey> onReady = this::ready;

    private @Nullable Waker[] woken = new Waker[64];
    private int wokenCount;
    private @Nullable NioSource[] useless = new NioSource[16];
    private int uselessCount;
    private int events;
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);
    private final Parking parking = new Parking();

    /** Its listeners share their port with those of other drivers like it: the system spreads connections among them. */
    final boolean sharesPorts;

    private NioDriver(Selector selector, boolean sharesPorts) {
        this.selector = selector;
        this.sharesPorts = sharesPorts;
    }

    public static Driver open() {
        return open(false);
    }

    /** {@return as {@link #open()}, of several that listen on the same port} */
    public static Driver openSharing() {
        return open(canSharePorts());
    }

    /** {@return whether this system can spread connections among listeners} */
    public static boolean canSharePorts() {
        try (ServerSocketChannel any = ServerSocketChannel.open()) {
            return any.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false; // whoever binds will be told
        }
    }

    private static Driver open(boolean sharesPorts) {
        try {
            return new NioDriver(Selector.open(), sharesPorts);
        } catch (IOException e) {
            throw new UncheckedIOException(NetErrors.explained("opening the I/O selector failed", e));
        }
    }

    @Override
    public Net net() {
        return net;
    }

    @Override
    public int park(long nanos) throws IOException {
        int released = releases.isEmpty() ? 0 : releases.size();
        int told = 0;
        boolean waits = nanos > 0 && released == 0 && parking.enter();
        try {
            if (waits) {
                selector.select(onReady, timeoutMillis(nanos));
            } else {
                selector.selectNow(onReady);
            }
        } catch (ClosedSelectorException e) {
            // close() ran on another thread; it has woken everybody
        } finally {
            parking.leave();
            try {
                disarmUseless(waits && wokenCount == 0);
            } finally {
                count();
                told = wakeCollected();
                runReleases(released);
            }
        }
        return told;
    }

    private void count() {
        add(Count.SELECTS, 1);
        add(Count.EVENTS, events);
        add(Count.USELESS, uselessCount);
        add(Count.WOKEN, wokenCount);
        events = 0;
        uselessCount = 0;
    }

    private void add(Count which, int n) {
        counts.setOpaque(which.ordinal(), counts.getPlain(which.ordinal()) + n);
    }

    public long count(Count which) {
        return counts.getOpaque(which.ordinal());
    }

    /** In the terms of {@link Selector#select(Consumer, long)}, where 0 means without limit. */
    private static long timeoutMillis(long nanos) {
        long millis = nanos / TimeUnit.MILLISECONDS.toNanos(1);
        return nanos == Long.MAX_VALUE ? 0 : millis + (nanos == TimeUnit.MILLISECONDS.toNanos(millis) ? 0 : 1);
    }

    /** The first {@code count} of them, which stood there before the select. */
    private void runReleases(int count) {
        for (int i = 0; i < count; i++) {
            Foreign.Call release = releases.poll();
            if (release != null) {
                Foreign.call(null, this, ", at the release of a descriptor", release);
            }
        }
    }

    private void ready(SelectionKey key) {
        events++;
        try {
            ((NioSource) key.attachment()).ready(key);
        } catch (CancelledKeyException e) {
            // closed meanwhile; close() wakes whoever waits
        }
    }

    /** Before a waker is taken, which without a place here would be lost; the event of an armed interest is reported again. */
    void makeRoom() {
        if (wokenCount == woken.length) {
            woken = Arrays.copyOf(woken, wokenCount * 2);
        }
        if (uselessCount == useless.length) {
            useless = Arrays.copyOf(useless, uselessCount * 2);
        }
    }

    /** For {@link NioSource#ready}: to be woken when the select has returned. There is room. */
    void collect(Waker waker) {
        woken[wokenCount++] = waker;
    }

    /** For {@link NioSource#ready}: an event of {@code source} has found nobody. There is room. */
    void collectUseless(NioSource source) {
        useless[uselessCount++] = source;
    }

    /** @param vain whether it waited and came out for nothing else, so that the next wait would spin */
    private void disarmUseless(boolean vain) {
        for (int i = 0; i < uselessCount; i++) {
            NioSource source = useless[i];
            useless[i] = null;
            if (source != null) {
                source.disarmUseless(vain ? 1 : USELESS);
            }
        }
    }

    private int wakeCollected() {
        for (int i = 0; i < wokenCount; i++) {
            Waker waker = woken[i];
            woken[i] = null;
            Foreign.wake(waker);
        }
        int count = wokenCount;
        wokenCount = 0;
        return count;
    }

    @Override
    public void unpark() {
        if (parking.notice()) {
            selector.wakeup();
        }
    }

    /** After interest was armed: a parked thread has to take it up at once. */
    void armed() {
        interestChanges.increment();
        pullOut();
    }

    /** After interest was disarmed: the next park is early enough, and until then its events find no interest. */
    void disarmed() {
        interestChanges.increment();
    }

    private void pullOut() {
        if (parking.isParked()) {
            unpark();
        }
    }

    /** For tests and statistics: how often the kernel's interest in some socket may have been changed. */
    public long interestChanges() {
        return interestChanges.sum();
    }

    @Override
    public long parks() {
        return parking.parks();
    }

    IoBuffers buffers() {
        return buffers;
    }

    boolean isOpen() {
        return selector.isOpen();
    }

    /** From its creation to its end a socket is known here, or by the selector: {@link #close} finds it. */
    void adopt(NioSource source) throws IOException {
        unregistered.add(source);
        if (!selector.isOpen()) {
            source.close();
            throw NetErrors.executorClosed();
        }
    }

    /** {@return the key of {@code channel}, without interest yet} */
    SelectionKey register(SelectableChannel channel, NioSource source) throws IOException {
        SelectionKey key;
        try {
            key = channel.register(selector, 0, source);
        } catch (ClosedSelectorException e) {
            throw NetErrors.executorClosed();
        }
        unregistered.remove(source);
        return key;
    }

    /**
     * After the channel of {@code source} was closed. A registered channel's descriptor is freed by the next select.
     *
     * @param registered whether it had a key
     */
    void forget(NioSource source, boolean registered) {
        if (registered) {
            pullOut();
        } else {
            unregistered.remove(source);
        }
    }

    /** Runs {@code release} on the parking thread once the descriptors of all channels closed until now are free. */
    public void whenReleased(Foreign.Call release) {
        releases.add(release);
        unpark();
    }

    @Override
    public void close() {
        if (!selector.isOpen()) {
            return;
        }
        List<NioSource> open = new ArrayList<>(unregistered);
        for (SelectionKey key : selector.keys()) {
            open.add((NioSource) key.attachment());
        }
        open.forEach(source -> Foreign.call(null, source, ", at the close of its executor", source::close));
        Foreign.call(null, "the I/O selector", ", at its close", selector::close);
        unregistered.forEach(source -> Foreign.call(null, source, ", at the close of its executor", source::close));
        runReleases(releases.size());
    }

    @Override
    public String toString() {
        return "NioDriver";
    }
}
