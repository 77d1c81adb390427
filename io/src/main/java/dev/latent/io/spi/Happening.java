package dev.latent.io.spi;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList;

/**
 * What happens once, on any thread, and is awaited by any number of futures. Who makes it true writes, then wakes; who waits looks under the
 * list's lock, then stays: so one of them sees the other.
 */
public final class Happening {
    private final String name;
    private final WaiterList waiting = WaiterList.create();
    private volatile boolean happened;

    /**
     * It has not happened.
     *
     * @param name for a person to read
     */
    public Happening(String name) {
        this.name = name;
    }

    /** It has happened, from now on; any thread may say so, any number of times. */
    public void happen() {
        happened = true;
        waiting.wakeAll();
    }

    /**
     * {@return a future that is ready once it has happened}
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     */
    public Future<Void> awaited() {
        return new Awaited();
    }

    private final class Awaited extends OwnedFuture<Void> {
        private final WaiterList.Waiter waiter = new WaiterList.Waiter();

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (happened) {
                return cx.spend() ? ended() : Poll.pending();
            }
            waiting.lock();
            try {
                if (!happened) {
                    waiting.add(waiter, cx.waker());
                    return Poll.pending();
                }
            } finally {
                waiting.unlock();
            }
            return cx.spend() ? ended() : Poll.pending();
        }

        private Poll<Void> ended() {
            dropOwned();
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            waiting.lock();
            waiting.remove(waiter);
            waiting.unlock();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
