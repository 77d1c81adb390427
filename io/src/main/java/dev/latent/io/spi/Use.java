package dev.latent.io.spi;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Who closes what calls that block work on, one call at a time: nobody closes what a thread is using, since the number of a closed file may at once be another's. Whoever asks for
 * the close while a call is running leaves it to that call, and no poll ever waits for it.
 *
 * <pre>{@code
 *          1 begin           2 end
 *   IDLE ──────────▶ BUSY ──────────▶ IDLE        1, 2  the thread of a call
 *    │ 3 ask          │ 4 ask                     3, 4  close, by any thread
 *    ▼                ▼         5 end             3     who asks is to close
 *   CLOSED          LEAVING ────────▶ CLOSED      5     the thread of the call is to close
 * }</pre>
 *
 * <p>The state is under this object's monitor, under which nothing is called. {@code released} is a CAS: who is to close, and who drops a close that waits, may both come, and the first one does it.
 */
final class Use {
    private enum State {
        IDLE,
        BUSY,
        LEAVING,
        CLOSED
    }

    /** A call that blocks. */
    interface Call<T> {
        T run() throws IOException;
    }

    private final String name;
    private final Closeable resource;
    private final BooleanSupplier isQuickToClose;
    private final AtomicBoolean released = new AtomicBoolean();
    private final Happening closed;
    private State state = State.IDLE;

    /**
     * Uses {@code resource}.
     *
     * @param name for a person to read
     * @param isQuickToClose whether its close is sure not to block, so that who asks for it may do it
     */
    Use(String name, Closeable resource, BooleanSupplier isQuickToClose) {
        this.name = name;
        this.resource = resource;
        this.isQuickToClose = isQuickToClose;
        this.closed = new Happening(name);
    }

    /** {@return what {@code work} returns, on this thread} Fails where it is closed. */
    <T> T call(Call<T> work) throws IOException {
        if (!begin()) {
            throw FileErrors.closed(name);
        }
        try {
            return work.run();
        } finally {
            if (end()) {
                release();
            }
        }
    }

    /** {@return a future that is ready when it is closed} */
    Future<Void> closeAsync() {
        return new Closing(
                Futures.lazy(() -> {
                    if (!ask()) {
                        return closed.awaited();
                    }
                    if (isQuickToClose.getAsBoolean()) {
                        release();
                        return Futures.done();
                    }
                    return Futures.then(Async.spawnBlocking(this::release), _ -> closed.awaited());
                }),
                () -> {
                    if (isClosed()) {
                        release(); // the thread that was asked has perhaps not come
                    }
                });
    }

    /** Closes now, or has the call that is running close. */
    void close() {
        if (ask()) {
            release();
        }
    }

    private boolean release() {
        if (!released.compareAndSet(false, true)) {
            return false;
        }
        try {
            resource.close();
        } catch (IOException e) {
            // what has a word to say on that says it itself
        } finally {
            closed.happen();
        }
        return true;
    }

    /** Edge 1: {@return false when it is closed} */
    private synchronized boolean begin() {
        if (state != State.IDLE) {
            return false;
        }
        state = State.BUSY;
        return true;
    }

    /** Edges 2 and 5: {@return whether this thread is to close} */
    private synchronized boolean end() {
        assert state == State.BUSY || state == State.LEAVING : state;
        state = state == State.LEAVING ? State.CLOSED : State.IDLE;
        return state == State.CLOSED;
    }

    /** Edges 3 and 4: {@return whether who asks is to close} Asked before, nothing changes. */
    private synchronized boolean ask() {
        if (state == State.IDLE) {
            state = State.CLOSED;
            return true;
        }
        if (state == State.BUSY) {
            state = State.LEAVING;
        }
        return false;
    }

    private synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    /** {@return whether its close was asked for} */
    synchronized boolean isAsked() {
        return state == State.LEAVING || state == State.CLOSED;
    }
}
