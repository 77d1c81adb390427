package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.internal.ParkedThread;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits, of which each task takes some and gives them back: at most so many at once.
 *
 * {@snippet :
 * try (var _ = await(few.acquire())) {
 *     await(fetch(url));
 * }
 * }
 *
 * <p>Strictly first come, first served: as long as somebody waits, who comes later waits behind, even if there are permits
 * enough for it. So who wants many is not overtaken for ever by others that want few. Unlike {@link java.util.concurrent.Semaphore} it
 * gives a {@link Permits} that knows what to give back, and gives it back once.
 */
public final class AsyncSemaphore {
    private final Turnstile turnstile;

    private AsyncSemaphore(int permits) {
        turnstile = new Turnstile(checked(permits, 0));
    }

    private static int checked(int permits, int least) {
        if (permits < least) {
            throw new IllegalArgumentException("at least " + least + " permits, not " + permits);
        }
        return permits;
    }

    /**
     * {@return a semaphore with so many permits, to begin with}
     *
     * @throws IllegalArgumentException when they are fewer than none
     */
    public static AsyncSemaphore of(int permits) {
        return new AsyncSemaphore(permits);
    }

    /** {@return as {@link #acquire(int)}, of one} */
    @NowOr("acquireNow")
    public Future<Permits> acquire() {
        return new Acquiring(1);
    }

    /** As {@link #acquire()}, if that were ready at its first poll; see {@link NowOr}. */
    public Object acquireNow(Context cx) {
        return acquireNow(1, cx);
    }

    /**
     * {@return a future of {@code n} permits at once} More than there are in all it waits for too, since {@link #addPermits} may come.
     *
     * <p><em>Cancel safety:</em> nothing is lost: who is dropped while it waits leaves its place, who is dropped with permits gives them
     * back.
     *
     * <p><em>Memory effects:</em> what happened before a close of permits is visible to who gets them.
     *
     * <p><em>Throws</em> {@link SemaphoreClosedException} once the semaphore is closed.
     *
     * @throws IllegalArgumentException at once, when {@code n} is negative
     */
    @NowOr("acquireNow")
    public Future<Permits> acquire(int n) {
        return new Acquiring(checked(n, 0));
    }

    /** As {@link #acquire(int)}, if that were ready at its first poll; see {@link NowOr}. */
    public Object acquireNow(int n, Context cx) {
        if (cx.isSpent() || !turnstile.tryTake(checked(n, 0))) {
            return Poll.pending();
        }
        cx.spend();
        return given(n);
    }

    /** {@return as {@link #tryAcquire(int)}, of one} */
    public Optional<Permits> tryAcquire() {
        return tryAcquire(1);
    }

    /** {@return {@code n} permits, if so many are there and nobody waits} */
    public Optional<Permits> tryAcquire(int n) {
        return turnstile.tryTake(checked(n, 0)) ? Acquire.some(given(n)) : Optional.empty();
    }

    /** {@return as {@link #acquireBlocking(int)}, of one} */
    public Permits acquireBlocking() throws InterruptedException {
        return acquireBlocking(1);
    }

    /**
     * {@return {@code n} permits, for a thread outside any executor, which waits in the same queue as the tasks}
     *
     * @throws InterruptedException when this thread is interrupted; it then has no permits
     * @throws SemaphoreClosedException once the semaphore is closed
     */
    public Permits acquireBlocking(int n) throws InterruptedException {
        return ParkedThread.await(acquire(n));
    }

    /**
     * Adds permits to those that there are.
     *
     * @throws IllegalArgumentException when {@code n} is negative
     */
    public void addPermits(int n) {
        turnstile.give(checked(n, 0));
    }

    /** {@return how many permits are free now} While somebody waits for more they are nobody else's. */
    public int availablePermits() {
        return (int) Math.min(Integer.MAX_VALUE, turnstile.permits());
    }

    /** Has everybody who waits, and who comes from now on, fail. Permits that were given stay good. Closing twice does nothing. */
    public void close() {
        turnstile.close();
    }

    /** {@return whether it has been closed} */
    public boolean isClosed() {
        return turnstile.isClosed();
    }

    private Permits given(int n) {
        try {
            return new Permits(turnstile, n);
        } catch (OutOfMemoryError e) {
            turnstile.give(n);
            throw e;
        }
    }

    @Override
    public String toString() {
        return "AsyncSemaphore, " + turnstile.permits() + " free" + (isClosed() ? ", closed" : "");
    }

    /** Permits that somebody has, who gives them back by closing this. For one thread at a time. */
    public static final class Permits implements Releasable {
        private @Nullable Turnstile from;
        private int count;

        Permits(Turnstile from, int count) {
            this.from = from;
            this.count = count;
        }

        /** {@return how many these are; none once they are given back or forgotten} */
        public int count() {
            return count;
        }

        /**
         * {@return {@code n} of these, to be given back by themselves; these are so many fewer}
         *
         * @throws IllegalArgumentException when these are fewer
         */
        public Permits split(int n) {
            Turnstile home = from;
            if (home == null || n < 0 || n > count) {
                throw new IllegalArgumentException(n + " of " + count + " permits");
            }
            Permits split = new Permits(home, n);
            count -= n;
            return split;
        }

        /** Lets them go without giving them back: from now on the semaphore has so many fewer. */
        public void forget() {
            from = null;
            count = 0;
        }

        /**
         * Gives them back, to who waits first if it is enough.
         *
         * <p><em>Memory effects:</em> what happened before is visible to whoever gets them.
         */
        @Override
        public void close() {
            Turnstile home = from;
            if (home != null) {
                int n = count;
                forget();
                home.give(n);
            }
        }

        @Override
        public String toString() {
            return count + " permits";
        }
    }

    private final class Acquiring extends Acquire<Permits> {
        Acquiring(int n) {
            super(turnstile, n);
        }

        @Override
        Permits given(Context cx, @Nullable Entry entry) {
            return new Permits(from, (int) wants);
        }

        @Override
        public String toString() {
            return wants + (wants == 1 ? " permit of " : " permits of ") + AsyncSemaphore.this;
        }
    }
}
