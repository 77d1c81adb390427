package dev.latent.runtime.driver;

import dev.latent.io.Net;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The driver of every executor: it parks plainly until a task asks for the network, and from then on in a selector. So a program
 * without sockets opens none.
 *
 * <p><b>The change.</b> A thread may be parked in the old driver, or on its way into either, while another sends it a notice by
 * the driver it happens to read. The new driver is put in place first; then both are notified. Who has sent its notice to the old
 * one had left its content before that, so whoever comes out of either for these two finds it.
 */
public final class LazyDriver implements Driver {
    private final Supplier<? extends Driver> opener;
    private volatile Driver driver;
    private volatile boolean hasNet;
    private boolean closed;

    /** @param opener makes the one with a network, when it is asked for */
    public LazyDriver(Supplier<? extends Driver> opener) {
        this(new ParkDriver(), opener);
    }

    /** As {@link #LazyDriver(Supplier)}, with {@code first} until then. */
    LazyDriver(Driver first, Supplier<? extends Driver> opener) {
        this.driver = first;
        this.opener = opener;
    }

    /** {@return whether a look without waiting may find anything} */
    public boolean hasNet() {
        return hasNet;
    }

    @Override
    public int park(long nanos) throws IOException {
        return driver.park(nanos);
    }

    @Override
    public void unpark() {
        driver.unpark();
    }

    @Override
    public Net net() {
        if (!hasNet) {
            openNet();
        }
        return driver.net();
    }

    private synchronized void openNet() {
        if (!hasNet) {
            Driver before = driver;
            Driver opened = opener.get();
            if (closed) {
                opened.close(); // its sockets say so
            }
            driver = opened;
            hasNet = true;
            before.unpark();
            opened.unpark();
        }
    }

    @Override
    public void close() {
        Driver last;
        synchronized (this) {
            closed = true;
            last = driver;
        }
        last.close(); // wakes whoever still waits
    }

    /** Puts another driver in place, for tests. */
    public void replace(Driver other) {
        Driver before = driver;
        driver = other;
        before.unpark();
    }

    /** {@return the one that parks now} For tests. */
    public Driver now() {
        return driver;
    }

    @Override
    public long parks() {
        return driver.parks();
    }

    @Override
    public String toString() {
        return driver.toString();
    }
}
