package dev.latent;

import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import dev.latent.internal.combine.Single;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Futures#shared}: one future with many awaiters, on any threads.
 *
 * <p>Whichever awaiter is polled polls the inner future, one at a time, under a waker that wakes every awaiter; whoever finds it
 * being polled waits for that. An awaiter that goes away wakes the others, since it may have been the one that was to poll.
 * {@link Owners} tells which awaiter speaks: it is known by its claim, and who has made none can't be told from others, so is refused.
 *
 * <p>All fields are guarded by the lock of {@link #waiting}; {@link #busy} guards the inner future. Awaiters are woken in the order in
 * which they began to wait; {@link #awaiters} is only ever asked for one of them.
 */
final class SharedFuture<T> implements Shared<T>, Waker {
    private static final StackTraceElement[] NO_TRACE = {};

    /** Stands for who made it, and drops it without having claimed it. */
    private static final Object HOLDER = new Object();

    private final Future<? extends T> inner;
    private final WaiterList waiting = WaiterList.create();
    private final Map<Object, Awaiter> awaiters = new IdentityHashMap<>(2);
    private @Nullable Poll<T> value;
    private @Nullable Throwable failure;

    /** The failure's trace before any awaiter adds its own. */
    private StackTraceElement[] origin = NO_TRACE;

    /** The failure itself has been thrown: from now on, copies. */
    private boolean thrown;

    /** Somebody is polling or dropping the inner future. */
    private boolean busy;

    private boolean started;

    /** Its last awaiter was dropped before the end. */
    private boolean abandoned;

    /** The awaiter that was the last, while it drops the inner future. */
    private @Nullable Object dropper;

    SharedFuture(Future<? extends T> inner) {
        this.inner = inner;
        Owners.claim(inner, this);
    }

    void claim(Object owner) {
        waiting.lock();
        try {
            awaiter(owner).claims++;
        } finally {
            waiting.unlock();
        }
    }

    /** {@code from} has claimed it, and was pending under {@code waker}, for {@code to}. */
    void handOver(Object from, Object to, Waker waker) {
        waiting.lock();
        try {
            Awaiter next = awaiter(to);
            next.claims++;
            next.waits(waker);
            leave(from);
        } finally {
            waiting.unlock();
        }
    }

    Poll<T> pollAs(Object owner, Context cx) throws Exception {
        boolean late;
        waiting.lock();
        try {
            late = hasEnded();
            if (!late) {
                Awaiter awaiter = awaiters.get(owner);
                if (awaiter == null) {
                    throw unclaimed(owner);
                }
                awaiter.waits(cx.waker());
                if (busy) {
                    return Poll.pending();
                }
                busy = true;
                started = true;
            }
        } finally {
            waiting.unlock();
        }
        if (late ? !cx.spend() : !pollInner(cx)) {
            return Poll.pending();
        }
        boolean first = leaveWithOutcome(owner);
        if (!late) {
            waiting.wakeAll();
        }
        return outcome(first);
    }

    /** {@return whether the inner future has ended} */
    @SuppressWarnings("unchecked")
    private boolean pollInner(Context cx) {
        Poll<T> poll = Poll.pending();
        Throwable thrown = null;
        Waker own = cx.swapWaker(this);
        try {
            poll = Owners.poll((Future<T>) inner, this, cx);
        } catch (Throwable t) {
            thrown = t;
        }
        cx.swapWaker(own);
        StackTraceElement[] trace = thrown == null ? NO_TRACE : originOf(thrown);
        waiting.lock();
        try {
            busy = false;
            origin = trace;
            failure = thrown;
            value = poll.isReady() ? poll : null;
            return hasEnded();
        } finally {
            waiting.unlock();
        }
    }

    private static StackTraceElement[] originOf(Throwable thrown) {
        try {
            StackTraceElement[] trace = AwaitTrace.origin(thrown);
            thrown.setStackTrace(trace);
            return trace;
        } catch (Throwable t) { // out of memory, or the exception's own: no trace is better than no end
            return NO_TRACE;
        }
    }

    /** {@return whether it is the first to have the outcome} */
    private boolean leaveWithOutcome(Object owner) {
        waiting.lock();
        try {
            leave(owner);
            boolean first = !thrown;
            thrown = true;
            return first;
        } finally {
            waiting.unlock();
        }
    }

    private Poll<T> outcome(boolean first) throws Exception {
        if (abandoned) {
            throw new CancellationException(this + " was dropped by its last awaiter");
        }
        if (failure != null) {
            throw Sneaky.rethrow(first ? failure : Failures.copy(failure, origin));
        }
        return Objects.requireNonNull(value);
    }

    /**
     * One awaiter is dropped; the last one drops the inner future.
     *
     * @param cx null for a drop that waits for nothing
     */
    Poll<Void> release(Object owner, @Nullable Context cx) {
        boolean others;
        boolean drops;
        waiting.lock();
        try {
            leave(owner);
            others = !hasEnded();
            if (others && awaiters.isEmpty() && (started || owner == HOLDER)) {
                dropper = owner;
                abandoned = true;
            }
            drops = dropper == owner;
        } finally {
            waiting.unlock();
        }
        if (others) {
            waiting.wakeAll();
        }
        if (!drops) {
            return Poll.done();
        }
        if (cx == null) {
            Owners.drop(inner, this);
        } else if (!Owners.pollDrop(inner, this, cx).isReady()) {
            return Poll.pending();
        }
        waiting.lock();
        dropper = null;
        waiting.unlock();
        return Poll.done();
    }

    private boolean hasEnded() {
        return abandoned || value != null || failure != null;
    }

    private Awaiter awaiter(Object owner) {
        Awaiter awaiter = awaiters.get(owner);
        if (awaiter == null) {
            awaiter = new Awaiter(waiting);
            awaiters.put(owner, awaiter);
        }
        return awaiter;
    }

    private void leave(Object owner) {
        Awaiter awaiter = awaiters.get(owner);
        if (awaiter != null && --awaiter.claims <= 0) {
            awaiters.remove(owner);
            awaiter.leaves();
        }
    }

    /** The inner future has a reason to be polled. */
    @Override
    public void wake() {
        waiting.wakeAll();
    }

    @Override
    public Poll<T> poll(Context cx) throws Exception {
        throw unclaimed(null);
    }

    private IllegalStateException unclaimed(@Nullable Object owner) {
        return new IllegalStateException((owner == null ? "a hand-written future" : owner) + " has polled " + this
                + " without having claimed it, so its drop could not be told from another's:"
                + " have it hold shared.awaiter() instead");
    }

    /** Drops the work if nobody awaits it. */
    @Override
    public void drop() {
        release(HOLDER, null);
    }

    @Override
    public Poll<Void> pollDrop(Context cx) {
        return release(HOLDER, cx);
    }

    @Override
    public Future<T> awaiter() {
        return new One<>(this);
    }

    @Override
    public String toString() {
        return "shared " + inner;
    }

    /**
     * Who awaits: mostly once, but a join may hold the same shared future twice, with a waker each. So it has a place for each claim;
     * a waker that comes when all are taken replaces the one that came first.
     */
    private static final class Awaiter {
        private final WaiterList list;

        /** By when their wakers came, the latest last. */
        private final List<WaiterList.Waiter> places = new ArrayList<>(1);

        private int claims;

        Awaiter(WaiterList list) {
            this.list = list;
        }

        void waits(Waker waker) {
            int at = places.size() < claims ? -1 : 0;
            for (int i = 0; i < places.size(); i++) {
                WaiterList.Waiter place = places.get(i);
                if (!place.isWaiting()) {
                    at = i;
                } else if (place.waker() == waker) {
                    return;
                }
            }
            WaiterList.Waiter mine = at < 0 ? new WaiterList.Waiter() : places.remove(at);
            places.add(mine);
            list.add(mine, waker);
        }

        void leaves() {
            places.forEach(list::remove);
        }
    }

    /** {@link Shared#awaiter}. */
    private static final class One<T> extends Single<T, T> {
        One(SharedFuture<T> shared) {
            take(shared);
        }

        @Override
        protected Poll<T> pollOwned(Context cx) throws Exception {
            return pollInner(cx);
        }

        @Override
        public String toString() {
            return String.valueOf(inner());
        }
    }
}
