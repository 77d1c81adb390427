package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.internal.ParkedThread;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock of many readers or one writer that may be held across an await, and owns what it guards.
 *
 * {@snippet :
 * try (var prices = await(lock.read())) { … prices.get() … }
 * try (var prices = await(lock.write())) { prices.get().put("tea", 3); }
 * }
 *
 * <p>Strictly first come, first served: readers that come while a writer waits, wait behind it, so writers do not starve, and a reader that
 * reads again while it holds a guard may wait for ever; tasks that do so are {@linkplain dev.latent.task.Deadlocks reported}.
 *
 * <p>There is one {@link #upgradableRead} at a time, beside any readers: only that one can be upgraded, so two can't wait for each other to
 * stop reading.
 *
 * @param <T> what is guarded
 */
public final class AsyncRwLock<T extends @Nullable Object> {
    /** Permits of the one that may be upgraded: more than half of all, so that there is one. */
    static final long UPGRADABLE = 1L << 40;

    static final long READ = 1;
    static final long WRITE = 2 * UPGRADABLE - 1;

    final LockCore core;

    /** Guarded by this lock. */
    T value;

    private AsyncRwLock(@Nullable String name, T value) {
        core = new LockCore("AsyncRwLock", name, value, WRITE, UPGRADABLE);
        this.value = value;
    }

    /** {@return a lock that guards {@code value}, of which nobody else keeps a reference} */
    public static <T extends @Nullable Object> AsyncRwLock<T> of(T value) {
        return new AsyncRwLock<>(null, value);
    }

    /** {@return as {@link #of}, with a name by which dumps and reports know it} */
    public static <T extends @Nullable Object> AsyncRwLock<T> named(String name, T value) {
        return new AsyncRwLock<>(name, value);
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /**
     * {@return a future of a guard to read with, beside other readers}
     *
     * <p><em>Cancel safety:</em> nothing is lost: dropped while it waits, it leaves its place; dropped with the lock, that is given back.
     *
     * <p><em>Memory effects:</em> what happened before a writer closed its guard is visible to who gets the lock after it.
     */
    @NowOr("readNow")
    public Future<Guard<T>> read() {
        return new LockFuture<>(core, READ) {
            @Override
            String what() {
                return "read lock";
            }

            @Override
            Guard<T> guard(Object by, boolean known) {
                return shared(by, known);
            }
        };
    }

    /** As {@link #read}, if that were ready at its first poll; see {@link NowOr}. */
    public Object readNow(Context cx) {
        return now(cx, READ) ? taken(READ, cx.waker()) : Poll.pending();
    }

    /** {@return a guard to read with, if nobody writes and nobody waits} */
    public Optional<Guard<T>> tryRead() {
        return core.tryTake(READ) ? Acquire.some(taken(READ, LockCore.UNKNOWN)) : Optional.empty();
    }

    /**
     * {@return as {@link #read}, for a thread outside any executor}
     *
     * @throws InterruptedException when this thread is interrupted; it then has no guard
     */
    public Guard<T> readBlocking() throws InterruptedException {
        return ParkedThread.await(read());
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /**
     * {@return a future of a guard to write with, once every reader and writer before it has closed theirs}
     *
     * <p><em>Cancel safety</em> and <em>memory effects:</em> as of {@link #read}.
     */
    @NowOr("writeNow")
    public Future<WriteGuard<T>> write() {
        return new LockFuture<>(core, WRITE) {
            @Override
            String what() {
                return "write lock";
            }

            @Override
            WriteGuard<T> guard(Object by, boolean known) {
                return alone(by, known);
            }
        };
    }

    /** As {@link #write}, if that were ready at its first poll; see {@link NowOr}. */
    public Object writeNow(Context cx) {
        return now(cx, WRITE) ? taken(WRITE, cx.waker()) : Poll.pending();
    }

    /** {@return a guard to write with, if nobody has the lock or waits for it} */
    public Optional<WriteGuard<T>> tryWrite() {
        return core.tryTake(WRITE) ? Acquire.some((WriteGuard<T>) taken(WRITE, LockCore.UNKNOWN)) : Optional.empty();
    }

    /**
     * {@return as {@link #write}, for a thread outside any executor}
     *
     * @throws InterruptedException when this thread is interrupted; it then has no guard
     */
    public WriteGuard<T> writeBlocking() throws InterruptedException {
        return ParkedThread.await(write());
    }

    // ---- reading, and then perhaps writing
    // -----------------------------------------------------------------------------

    /**
     * {@return a future of the one guard, beside those of other readers, that can be {@linkplain UpgradableGuard#upgrade upgraded}}
     *
     * <p><em>Cancel safety</em> and <em>memory effects:</em> as of {@link #read}.
     */
    @NowOr("upgradableReadNow")
    public Future<UpgradableGuard<T>> upgradableRead() {
        return new LockFuture<>(core, UPGRADABLE) {
            @Override
            String what() {
                return "upgradable read lock";
            }

            @Override
            UpgradableGuard<T> guard(Object by, boolean known) {
                return upgradable(by, known);
            }
        };
    }

    /** As {@link #upgradableRead}, if that were ready at its first poll; see {@link NowOr}. */
    public Object upgradableReadNow(Context cx) {
        return now(cx, UPGRADABLE) ? taken(UPGRADABLE, cx.waker()) : Poll.pending();
    }

    // ---- for all ---------------------------------------------------------------------------------------------------

    private boolean now(Context cx, long wants) {
        return !cx.isSpent() && core.tryTake(wants) && cx.spend();
    }

    /** {@return the guard of {@code permits} that {@code by} has taken}; where there is none, they are given back. */
    private Guard<T> taken(long permits, Object by) {
        try {
            return permits == READ ? shared(by, false) : permits == WRITE ? alone(by, false) : upgradable(by, false);
        } catch (Throwable noMemory) {
            core.give(permits);
            throw noMemory;
        }
    }

    /** @param known the core knows of it already */
    Guard<T> shared(Object by, boolean known) {
        Guard<T> guard = new ReadGuard<>(this, by);
        if (!known) {
            core.shares(by);
        }
        return guard;
    }

    WriteGuard<T> alone(Object by, boolean known) {
        WriteGuard<T> guard = new WriteGuard<>(this, by);
        if (!known) {
            core.holds(by);
        }
        return guard;
    }

    UpgradableGuard<T> upgradable(Object by, boolean known) {
        UpgradableGuard<T> guard = new UpgradableGuard<>(this, by);
        if (!known) {
            core.shares(by);
        }
        return guard;
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
