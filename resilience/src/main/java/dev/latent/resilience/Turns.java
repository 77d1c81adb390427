package dev.latent.resilience;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.WaiterList;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A number of turns, handed on in the order in which they were asked for, and a bound on those who wait. All state is under the list's lock.
 *
 * <pre>
 *               1 enter: one is free
 *   NEW ─────────────────────────────────────────▶ HAS ──▶ 5 close: to the first who waits, or free
 *    │ 2 enter: none is        3 handed on          ▲
 *    └────────────▶ WAITS ──────────▶ GIVEN ────────┘ 4 poll
 *                     │ drop: leaves    │ drop: as 5
 * </pre>
 */
final class Turns {
    private final WaiterList waiters = WaiterList.create();
    private final int mostWaiting;
    private int free;
    private int waiting;

    Turns(int turns, int mostWaiting) {
        this.free = turns;
        this.mostWaiting = mostWaiting;
    }

    /** Throws {@link BulkheadFullException} where too many wait. */
    Future<Releasable> enter() {
        return new Entering();
    }

    private void handOn() {
        Waker next = null;
        waiters.lock();
        try {
            if (waiters.first() instanceof Place first) {
                next = waiters.take(first);
                first.given = true;
                waiting--;
            } else {
                free++;
            }
        } finally {
            waiters.unlock();
        }
        Foreign.wake(next);
    }

    private static final class Place extends WaiterList.Waiter {
        boolean given;
    }

    /** What somebody has. Closed by one thread at a time. */
    private final class Turn implements Releasable {
        private boolean over;

        @Override
        public void close() {
            if (!over) {
                over = true;
                handOn();
            }
        }
    }

    private final class Entering extends OwnedFuture<Releasable> {
        private @Nullable Place place;

        @Override
        protected Poll<Releasable> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            Turn turn = new Turn(); // before it is taken: there may be no memory
            Place mine = place == null ? new Place() : place;
            boolean full = false;
            waiters.lock();
            try {
                if (mine.given) {
                    place = null;
                    return Poll.ready(turn);
                }
                if (place == null) {
                    if (free > 0) {
                        free--;
                        return Poll.ready(turn);
                    }
                    full = waiting == mostWaiting;
                    waiting += full ? 0 : 1;
                }
                if (!full) {
                    place = mine;
                    waiters.add(mine, cx.waker());
                }
            } finally {
                waiters.unlock();
            }
            if (full) {
                throw new BulkheadFullException("full, and " + mostWaiting + " wait already");
            }
            cx.unspend();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            Place mine = place;
            if (mine == null) {
                return;
            }
            waiters.lock();
            try {
                if (waiters.remove(mine)) {
                    waiting--;
                }
            } finally {
                waiters.unlock();
            }
            if (mine.given) {
                handOn();
            }
        }

        @Override
        public String toString() {
            return "a turn";
        }
    }
}
