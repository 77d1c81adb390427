package dev.latent.channel;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList;
import dev.latent.WaiterList.Waiter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that happens once, and those who wait for it. */
final class Signal {
    private final WaiterList waiting = WaiterList.create();

    /** Guarded by the list's lock. */
    private boolean fired;

    /** Never throws. */
    void fire() {
        waiting.lock();
        fired = true;
        waiting.unlock();
        waiting.wakeAll();
    }

    private boolean addUnlessFired(Waiter waiter, Context cx) {
        waiting.lock();
        try {
            if (!fired) {
                waiting.add(waiter, cx.waker());
            }
            return !fired;
        } finally {
            waiting.unlock();
        }
    }

    private void remove(Waiter waiter) {
        waiting.lock();
        waiting.remove(waiter);
        waiting.unlock();
    }

    /** Waits for a signal, which is made when the first has to. */
    static final class Awaiting extends OwnedFuture<Void> {
        private final String name;
        private final Supplier<@Nullable Signal> supplier;
        private @Nullable Signal signal;
        private @Nullable Waiter waiter;

        /** @param supplier gives the signal, or null if what it stands for has happened */
        Awaiting(String name, Supplier<@Nullable Signal> supplier) {
            this.name = name;
            this.supplier = supplier;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            if (signal == null) {
                signal = supplier.get();
                waiter = new Waiter();
            }
            if (signal == null || waiter == null || !signal.addUnlessFired(waiter, cx)) {
                return Poll.done();
            }
            cx.unspend();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            if (signal != null && waiter != null) {
                signal.remove(waiter);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
