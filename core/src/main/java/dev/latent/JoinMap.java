package dev.latent;

import dev.latent.internal.scope.Group;
import dev.latent.internal.scope.Member;
import dev.latent.world.FailureHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks known by keys, whose outcomes are taken in the order in which they end. Closing it cancels those that still run.
 *
 * {@snippet :
 * try (var sizes = JoinMap.<URI, Integer>in(context().spawner())) {
 *     for (var url : urls) sizes.spawn(url, size(url));
 *     while (await(sizes.next()) instanceof Item(Joined(var url, var size))) IO.println(url + ": " + size);
 * }
 * }
 *
 * <p>As a {@link JoinSet}, with two differences. A failure is told as an {@link Outcome}, since thrown it would not say whose it is. And this belongs to one
 * task at a time, as a {@link HashMap} does: by its keys' {@code equals} it runs the program's code.
 *
 * <p>Outcomes that nobody has taken when it is closed go to {@link Futures#onUndelivered}, failures among them to the {@link FailureHandler}.
 *
 * @param <K> the keys
 * @param <T> what the tasks become
 */
public final class JoinMap<K, T extends @Nullable Object> implements Source<Joined<K, T>>, AsyncCloseable {
    private static final int FEW = 16;

    private final Group group;

    /** Those that were not told of, and some of those that nothing will be told of. */
    private final Map<K, Member<T>> tasks = new HashMap<>();

    /** As many as there may be in it before those are sought that nothing will be told of. */
    private int crowd = FEW;

    private JoinMap(Spawner spawner) {
        this.group = new Group(spawner);
    }

    /** {@return an empty map whose tasks {@code spawner} runs} */
    public static <K, T extends @Nullable Object> JoinMap<K, T> in(Spawner spawner) {
        return new JoinMap<>(spawner);
    }

    /**
     * Makes {@code future} a task that is known by {@code key}. One that was known by it before is aborted.
     *
     * @return a way to abort it; {@link #next} tells nothing of a task that was
     * @throws IllegalStateException when this is closed, or {@code future} has another owner, or is bound to a thread and the
     *     executor moves its tasks between threads; then it is still its holder's, and the task before goes on
     */
    public AbortHandle spawn(K key, Future<? extends T> future) {
        return spawn(key, future, false);
    }

    /** As {@link #spawn}, of a future that may be bound to its thread: see {@link Spawner#spawnLocal}. */
    public AbortHandle spawnLocal(K key, Future<? extends T> future) {
        return spawn(key, future, true);
    }

    private AbortHandle spawn(K key, Future<? extends T> future, boolean local) {
        Member<T> before = tasks.get(Objects.requireNonNull(key)); // a key that throws does so before anything begins
        if (tasks.size() >= crowd) {
            tasks.values().removeIf(task -> !task.isWanted());
            crowd = Math.max(FEW, 2 * tasks.size());
        }
        Member<T> member = group.spawn(key, future, local);
        try {
            tasks.put(key, member);
        } catch (Throwable t) {
            member.abort();
            throw t;
        }
        if (before != null) {
            before.abort();
        }
        return member;
    }

    /** {@return whether there was a task that is known by {@code key}} It is cancelled, and {@link #next} will tell nothing of it. */
    public boolean abort(K key) {
        Member<T> member = tasks.remove(key);
        boolean wanted = member != null && member.isWanted();
        if (member != null) {
            member.abort();
        }
        return wanted;
    }

    /** {@return whether a task known by {@code key} runs, or has ended and was not told of} */
    public boolean contains(K key) {
        Member<T> member = tasks.get(key);
        return member != null && member.isWanted();
    }

    /** {@return how many tasks run, or have ended and were not told of} */
    public int size() {
        return group.size();
    }

    /**
     * {@return a future of what became of the task that has ended next, or of the end: every task has been told of} After more has been
     * spawned there is more. A task that was cancelled otherwise than by its handle or its key failed with a
     * {@link java.util.concurrent.CancellationException}.
     *
     * <p><em>Cancel safety:</em> nothing is lost. An outcome that had been found, but not yet been received, comes first the next time; its key is
     * free for another.
     *
     * <p><em>Memory effects:</em> what the task did is visible to whoever receives its outcome.
     */
    @Override
    @NowOr("nextNow")
    public Future<Next<Joined<K, T>>> next() {
        return group.next(this::tell);
    }

    @Override
    public Object nextNow(Context cx) {
        return group.nextNow(cx, this::tell);
    }

    @SuppressWarnings("unchecked")
    private Next<Joined<K, T>> tell(@Nullable Member<?> member) {
        if (member == null) {
            return Next.end();
        }
        K key = (K) Objects.requireNonNull(member.key());
        Next<Joined<K, T>> told = new Item<>(new Joined<>(key, ((Member<T>) member).outcome()));
        tasks.remove(key, member);
        return told;
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
        return "JoinMap of " + size() + " tasks";
    }
}
