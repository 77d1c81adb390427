package dev.latent;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Futures#shared}: one future with many awaiters, on any threads.
 *
 * <p>Whichever awaiter is polled polls the inner future, one at a time, under a waker that wakes every awaiter; whoever finds it
 * being polled waits for that. An awaiter that goes away wakes the others, since it may have been the one that was to poll.
 * {@link Owners} tells which awaiter speaks. All fields are guarded by {@link #lock}, under which nothing foreign is called;
 * {@link #busy} guards the inner future.
 */
final class SharedFuture<T> implements Shared<T>, Waker {
    /** Stands for whoever polls it without having claimed it. */
    private static final Object HOLDER = new Object();

    private final Object lock = new Object();
    private final Future<? extends T> inner;
    private final Map<Object, Awaiter> awaiters = new IdentityHashMap<>();
    private @Nullable Poll<T> value;
    private @Nullable Throwable failure;

    /** The failure's trace before any awaiter adds its own. */
    private StackTraceElement[] origin = {};

    /** The failure itself has been thrown: from now on, copies. */
    private boolean thrown;

    /** Somebody is polling or dropping the inner future. */
    private boolean busy;

    private boolean started;

    /** The awaiter that was the last, while it drops the inner future. */
    private @Nullable Object dropper;

    SharedFuture(Future<? extends T> inner) {
        this.inner = inner;
        Owners.claim(inner, this);
    }

    void claim(Object owner) {
        synchronized (lock) {
            awaiters.computeIfAbsent(owner, _ -> new Awaiter()).claims++;
        }
    }

    /** {@code from} has claimed it, and was pending under {@code waker}, for {@code to}. */
    void handOver(Object from, Object to, Waker waker) {
        synchronized (lock) {
            awaiters.computeIfAbsent(to, _ -> new Awaiter(1)).add(waker);
            leave(from);
        }
    }

    Poll<T> pollAs(Object owner, Context cx) throws Exception {
        synchronized (lock) {
            if (hasEnded()) {
                leave(owner);
                return outcome();
            }
            awaiters.computeIfAbsent(owner, _ -> new Awaiter(1)).add(cx.waker());
            if (busy) {
                return Poll.pending();
            }
            busy = true;
            started = true;
        }
        pollInner(cx);
        List<Waker> others;
        synchronized (lock) {
            busy = false;
            if (!hasEnded()) {
                return Poll.pending();
            }
            leave(owner);
            others = takeWakers();
        }
        others.forEach(Waker::wake);
        synchronized (lock) {
            return outcome();
        }
    }

    @SuppressWarnings("unchecked")
    private void pollInner(Context cx) {
        Poll<T> poll = Poll.pending();
        Throwable t = null;
        Waker own = cx.swapWaker(this);
        try {
            poll = Owners.poll((Future<T>) inner, this, cx);
        } catch (Throwable failed) {
            t = failed;
            origin = AwaitTrace.origin(t);
            t.setStackTrace(origin);
        } finally {
            cx.swapWaker(own);
        }
        synchronized (lock) {
            failure = t;
            value = poll.isReady() ? poll : null;
        }
    }

    /**
     * One awaiter is dropped; the last one drops the inner future.
     *
     * @param cx null for a drop that waits for nothing
     */
    Poll<Void> release(Object owner, @Nullable Context cx) {
        List<Waker> others = List.of();
        boolean drops;
        synchronized (lock) {
            leave(owner);
            if (!hasEnded()) {
                others = takeWakers();
                if (awaiters.isEmpty() && started) {
                    dropper = owner;
                    failure = new CancellationException(this + ": its last awaiter was dropped");
                }
            }
            drops = dropper == owner;
        }
        others.forEach(Waker::wake);
        if (!drops) {
            return Poll.done();
        }
        if (cx == null) {
            Owners.drop(inner, this);
        } else if (!Owners.pollDrop(inner, this, cx).isReady()) {
            return Poll.pending();
        }
        synchronized (lock) {
            dropper = null;
        }
        return Poll.done();
    }

    private boolean hasEnded() {
        return value != null || failure != null;
    }

    private Poll<T> outcome() {
        if (failure == null) {
            return java.util.Objects.requireNonNull(value);
        }
        Throwable mine = thrown ? Failures.copy(failure, origin) : failure;
        thrown = true;
        throw Sneaky.rethrow(mine);
    }

    private void leave(Object owner) {
        Awaiter awaiter = awaiters.get(owner);
        if (awaiter != null && --awaiter.claims <= 0) {
            awaiters.remove(owner);
        }
    }

    private List<Waker> takeWakers() {
        List<Waker> all = new ArrayList<>();
        for (Awaiter awaiter : awaiters.values()) {
            all.addAll(awaiter.wakers);
            awaiter.wakers.clear();
        }
        return all;
    }

    /** The inner future has a reason to be polled. */
    @Override
    public void wake() {
        List<Waker> all;
        synchronized (lock) {
            all = takeWakers();
        }
        all.forEach(Waker::wake);
    }

    @Override
    public Poll<T> poll(Context cx) throws Exception {
        return pollAs(HOLDER, cx);
    }

    /** Drops the work if nobody awaits it. */
    @Override
    public void drop() {
        boolean unused;
        synchronized (lock) {
            unused = !started && awaiters.isEmpty() && !hasEnded();
            if (unused) {
                failure = new CancellationException(this + " was dropped");
            }
        }
        if (unused) {
            Owners.drop(inner, this);
        } else {
            release(HOLDER, null);
        }
    }

    @Override
    public Poll<Void> pollDrop(Context cx) {
        return release(HOLDER, cx);
    }

    @Override
    public String toString() {
        return "shared " + inner;
    }

    /** Who awaits: mostly once, but a join may hold the same shared future twice, with a waker each. */
    private static final class Awaiter {
        private final List<Waker> wakers = new ArrayList<>(1);
        private int claims;

        Awaiter() {}

        Awaiter(int claims) {
            this.claims = claims;
        }

        void add(Waker waker) {
            if (!wakers.contains(waker)) {
                wakers.add(waker);
            }
        }
    }
}
