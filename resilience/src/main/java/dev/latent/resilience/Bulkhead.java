package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.AsyncCallable;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import dev.latent.sync.AsyncSemaphore;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * At most so many at once, and at most so many who wait for that: what is slow takes up a bounded part of the program, and who comes too late hears
 * so at once.
 *
 * {@snippet :
 * static final Bulkhead REPORTS = Bulkhead.of(4, 100);
 *
 * var report = await(REPORTS.run(() -> await(render(order))));
 * }
 *
 * <p>First come, first served. Thread-safe; callers may be on different executors.
 */
public final class Bulkhead {
    private final int atOnce;
    private final int waiting;
    private final AsyncSemaphore turns;

    /** Those who run, and those who wait for that. */
    private final AtomicLong inside = new AtomicLong();

    private Bulkhead(int atOnce, int waiting) {
        if (atOnce < 1 || waiting < 0) {
            throw new IllegalArgumentException(atOnce + " at once, and " + waiting + " waiting");
        }
        this.atOnce = atOnce;
        this.waiting = waiting;
        this.turns = AsyncSemaphore.of(atOnce);
    }

    /**
     * {@return one that lets {@code atOnce} run and {@code waiting} wait}
     *
     * @throws IllegalArgumentException when none could run, or fewer than none wait
     */
    public static Bulkhead of(int atOnce, int waiting) {
        return new Bulkhead(atOnce, waiting);
    }

    /**
     * {@return a future of what {@code body} gives, which runs when its turn has come}
     *
     * <p><em>Cancel safety:</em> dropped while it waits, it leaves its place to those behind it; later that of {@code body}, whose cleanup belongs to its
     * turn.
     *
     * <p><em>Memory effects:</em> what happened in a turn is visible to the one that it makes room for.
     *
     * <p><em>Throws</em> {@link BulkheadFullException} where too many wait, and what {@code body} throws.
     */
    public <R> Future<R> run(AsyncCallable<? extends R> body) {
        Objects.requireNonNull(body);
        return async(() -> {
            if (!enters()) {
                throw new BulkheadFullException("full, and " + waiting + " wait already");
            }
            try (var _ = await(turns.acquire())) {
                return await(async(body));
            } finally {
                inside.decrementAndGet();
            }
        });
    }

    /** {@return whether there was room}: who finds none is not counted, and keeps nobody out. */
    private boolean enters() {
        long most = (long) atOnce + waiting;
        return inside.getAndUpdate(now -> now < most ? now + 1 : now) < most;
    }

    /** {@return as {@link #run(AsyncCallable)}, of a body that gives nothing} */
    public Future<Void> run(AsyncRunnable body) {
        Objects.requireNonNull(body);
        AsyncCallable<Void> giving = () -> await(async(body));
        return run(giving);
    }

    @Override
    public String toString() {
        return "Bulkhead of " + atOnce + ", with " + waiting + " waiting";
    }
}
