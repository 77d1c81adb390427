package dev.latent.runtime.driver;

import dev.latent.io.Net;
import java.io.IOException;

/**
 * Where an executor's thread waits when it has nothing to poll, and whence I/O wakes its tasks. Executors know no more of I/O
 * than this; NIO selectors are one driver, and another needs no change outside it.
 */
public interface Driver extends AutoCloseable {
    /**
     * Waits for events or {@link #unpark}, wakes the tasks whose I/O is ready, and returns. Called by one thread at a time.
     *
     * @return how many tasks it has woken
     * @param nanos at most so long; rounded up to what the driver can measure; 0 only looks, {@link Long#MAX_VALUE} waits without limit
     */
    int park(long nanos) throws IOException;

    /** Makes the current or next {@link #park} return at once; from any thread, never blocks. */
    void unpark();

    /** {@return how often a thread has gone in to wait} For tests. */
    long parks();

    /** {@return the network whose sockets this driver wakes} */
    Net net();

    /** Closes what is still open. */
    @Override
    void close();
}
