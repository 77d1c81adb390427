package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.internal.ParkedThread;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lock that may be held across an await, and owns what it guards: there is no way to that but by its {@link Guard}.
 *
 * {@snippet :
 * try (var accounts = await(mutex.lock())) {
 *     accounts.get().merge("ann", await(price()), Integer::sum);
 * }
 * }
 *
 * <p>Strictly first come, first served: a lock that is given back belongs at once to who has waited longest, polled or not. So nobody
 * starves, and a task that keeps the future of a lock without polling it, in a {@link dev.latent.Pinned} for instance, keeps everybody out;
 * that is {@linkplain dev.latent.task.Deadlocks reported}, as tasks that wait for each other are. Not reentrant. Unlike {@link
 * java.util.concurrent.locks.ReentrantLock} it belongs to no thread; where nothing is awaited while it is held, that one, or none at all on
 * one thread, is the better tool.
 *
 * @param <T> what is guarded
 */
public final class AsyncMutex<T extends @Nullable Object> {
    private final LockCore core;

    /** Guarded by this lock. */
    private T value;

    private AsyncMutex(@Nullable String name, T value) {
        core = new LockCore("AsyncMutex", name, value, 1, 0);
        this.value = value;
    }

    /** {@return a mutex that guards {@code value}, of which nobody else keeps a reference} */
    public static <T extends @Nullable Object> AsyncMutex<T> of(T value) {
        return new AsyncMutex<>(null, value);
    }

    /** {@return as {@link #of}, with a name by which dumps and reports know it} */
    public static <T extends @Nullable Object> AsyncMutex<T> named(String name, T value) {
        return new AsyncMutex<>(name, value);
    }

    /** {@return a mutex that guards something else than a value} */
    public static AsyncMutex<@Nullable Void> create() {
        return new AsyncMutex<>(null, null);
    }

    /**
     * {@return a future of the guard, once everybody who came before has closed theirs}
     *
     * <p><em>Cancel safety:</em> nothing is lost: dropped while it waits, it leaves its place; dropped with the lock, the lock is given to
     * the next.
     *
     * <p><em>Memory effects:</em> what happened before a close of a guard is visible to who gets the next one.
     */
    @NowOr("lockNow")
    public Future<ExclusiveGuard<T>> lock() {
        return new Locking();
    }

    /** As {@link #lock}, if that were ready at its first poll; see {@link NowOr}. */
    public Object lockNow(Context cx) {
        if (cx.isSpent() || !core.tryTake(1)) {
            return Poll.pending();
        }
        cx.spend();
        return taken(cx.waker());
    }

    /** {@return the guard, if nobody has the lock or waits for it} */
    public Optional<ExclusiveGuard<T>> tryLock() {
        return core.tryTake(1) ? Acquire.some(taken(LockCore.UNKNOWN)) : Optional.empty();
    }

    /**
     * {@return the guard, for a thread outside any executor, which waits in the same queue as the tasks}
     *
     * @throws InterruptedException when this thread is interrupted; it then has no guard
     */
    public ExclusiveGuard<T> lockBlocking() throws InterruptedException {
        return ParkedThread.await(lock());
    }

    /** {@return whether somebody has it now} */
    public boolean isLocked() {
        return !core.isOpen();
    }

    private Held<T> taken(Object by) {
        try {
            core.holds(by);
            return new Held<>(this);
        } catch (OutOfMemoryError e) {
            core.give(1);
            throw e;
        }
    }

    @Override
    public String toString() {
        return core.toString();
    }

    private final class Locking extends LockFuture<ExclusiveGuard<T>> {
        Locking() {
            super(AsyncMutex.this.core, 1);
        }

        @Override
        ExclusiveGuard<T> guard(Object by, boolean known) {
            Held<T> guard = new Held<>(AsyncMutex.this);
            if (!known) {
                core.holds(by);
            }
            return guard;
        }

        @Override
        String what() {
            return "lock";
        }
    }

    private static final class Held<T extends @Nullable Object> implements ExclusiveGuard<T> {
        /** Null: closed. */
        private @Nullable AsyncMutex<T> mutex;

        Held(AsyncMutex<T> mutex) {
            this.mutex = mutex;
        }

        private AsyncMutex<T> open() {
            if (mutex == null) {
                throw MappedGuard.closed(this);
            }
            return mutex;
        }

        @Override
        public T get() {
            return open().value;
        }

        @Override
        public void set(T next) {
            open().value = next;
        }

        @Override
        public <R extends @Nullable Object> Guard<R> map(Function<? super T, ? extends R> part) {
            R mine = part.apply(get());
            Guard<R> mapped = new MappedGuard<>(new Held<>(open()), mine); // open still: the part is the program's
            mutex = null;
            return mapped;
        }

        @Override
        public ExclusiveGuard<T> owned() {
            Held<T> next = new Held<>(open());
            open().core.holds(LockCore.UNKNOWN);
            mutex = null;
            return next;
        }

        @Override
        public void close() {
            AsyncMutex<T> held = mutex;
            if (held != null) {
                mutex = null;
                held.core.give(1);
            }
        }

        @Override
        public String toString() {
            return "the guard of " + (mutex == null ? "a mutex" : mutex);
        }
    }
}
