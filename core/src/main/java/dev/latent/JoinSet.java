package dev.latent;

import dev.latent.internal.scope.FirstSuccess;
import dev.latent.internal.scope.Group;
import dev.latent.internal.scope.Member;
import dev.latent.world.FailureHandler;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks whose outcomes are taken in the order in which they end. Closing it cancels those that still run. Thread-safe.
 *
 * {@snippet :
 * try (var jobs = JoinSet.<Integer>in(context().spawner())) {
 *     for (var url : urls) jobs.spawn(size(url));
 *     while (await(jobs.next()) instanceof Item(var n)) sum += n;
 * }
 * }
 *
 * <p>A {@link Scope} waits for its children and gives the value of its body; here the outcomes themselves are the point. A task that fails
 * takes nobody with it: {@link #next} throws what it threw, and the set goes on.
 *
 * <p>Outcomes that nobody has taken when the set is closed go to {@link Futures#onUndelivered}, failures among them to the {@link FailureHandler}.
 *
 * @param <T> what the tasks become
 * @see Async#joinSet
 */
public final class JoinSet<T extends @Nullable Object> implements Source<T>, AsyncCloseable {
    private final Group group;

    private JoinSet(Group group) {
        this.group = group;
    }

    /** {@return an empty set whose tasks {@code spawner} runs} */
    public static <T extends @Nullable Object> JoinSet<T> in(Spawner spawner) {
        return new JoinSet<>(new Group(spawner));
    }

    /** The set of {@code group}, for what is built on both. */
    static <T extends @Nullable Object> JoinSet<T> of(Group group) {
        return new JoinSet<>(group);
    }

    /**
     * Makes {@code future} a task of this set, which starts soon.
     *
     * @return a way to abort it; {@link #next} tells nothing of a task that was
     * @throws IllegalStateException when this set is closed, or {@code future} has another owner, or is bound to a thread and the
     *     executor moves its tasks between threads; then it is still its holder's
     */
    public AbortHandle spawn(Future<? extends T> future) {
        return group.<T>spawn(null, future, false);
    }

    /** As {@link #spawn}, of a future that may be bound to its thread: see {@link Spawner#spawnLocal}. */
    public AbortHandle spawnLocal(Future<? extends T> future) {
        return group.<T>spawn(null, future, true);
    }

    /** {@return how many tasks run, or have ended and were not told of} */
    public int size() {
        return group.size();
    }

    /**
     * {@return a future of what the task became that has ended next, or of the end: every task has been told of} After more has been
     * spawned there is more. It throws what a failed task threw; and a {@link java.util.concurrent.CancellationException} for one that was
     * cancelled, and not by its {@link AbortHandle}: its executor closed, for instance.
     *
     * <p><em>Cancel safety:</em> nothing is lost. An outcome that had been found, but not yet been received, comes first the next time.
     *
     * <p><em>Memory effects:</em> what the task did is visible to whoever receives its outcome.
     */
    @Override
    @NowOr("nextNow")
    public Future<Next<T>> next() {
        return group.next(JoinSet::tell);
    }

    @Override
    public Object nextNow(Context cx) {
        return group.nextNow(cx, JoinSet::tell);
    }

    @SuppressWarnings("unchecked")
    private static <T extends @Nullable Object> Next<T> tell(@Nullable Member<?> member) {
        return member == null ? Next.end() : new Item<>((T) member.value());
    }

    /**
     * {@return a future of the first value that a task gives; the others are then cancelled, and it is ready when their cleanup has ended}
     * Failures before it are let go. The set is closed afterwards.
     *
     * <p>When all have failed it throws the first failure, with the others suppressed; when there was no task, a {@link NoSuchElementException}.
     *
     * <p><em>Cancel safety:</em> dropped, it leaves the tasks to this set, which still has what it had not yet been told; failures that it had
     * seen are reported.
     */
    public Future<T> firstSuccess() {
        return new FirstSuccess<>(group);
    }

    /** As {@link #closeAsync}, without waiting. */
    @Override
    public void close() {
        group.close();
    }

    /**
     * {@return a future that cancels the tasks which still run, and is ready when their cleanup has ended} {@link #next} gives the end from then on.
     *
     * <p><em>Cancel safety:</em> once polled, the cancellation goes on, dropped or not.
     */
    @Override
    public Future<Void> closeAsync() {
        return group.closeAsync();
    }

    @Override
    public String toString() {
        return "JoinSet of " + size() + " tasks";
    }
}
