package dev.latent.io.spi;

/**
 * Whether a call that blocks is running, and whether it is to close what it works on. The diagram is that of {@link BlockingReads}.
 *
 * <p>All of it is under this object's monitor, under which nothing is called.
 */
final class Use {
    private enum State {
        IDLE,
        BUSY,
        LEAVING,
        CLOSED
    }

    private State state = State.IDLE;

    /** Edge 1: {@return false when it is closed} */
    synchronized boolean begin() {
        if (state != State.IDLE) {
            return false;
        }
        state = State.BUSY;
        return true;
    }

    /** Edges 2 and 5: {@return whether this thread is to close} */
    synchronized boolean end() {
        assert state == State.BUSY || state == State.LEAVING : state;
        state = state == State.LEAVING ? State.CLOSED : State.IDLE;
        return state == State.CLOSED;
    }

    /** Edges 3 and 4: {@return whether who asks is to close} Asked before, nothing changes. */
    synchronized boolean ask() {
        if (state == State.IDLE) {
            state = State.CLOSED;
            return true;
        }
        if (state == State.BUSY) {
            state = State.LEAVING;
        }
        return false;
    }

    synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    synchronized boolean isAsked() {
        return state == State.LEAVING || state == State.CLOSED;
    }
}
