package dev.latent;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that belongs to what is done, wherever in it and on whatever thread: the user of a request, its trace. It is set for a future
 * and holds in all that this one polls, across awaits, and in its cleanup.
 *
 * {@snippet :
 * static final TaskLocal<User> USER = TaskLocal.inherited("user");
 *
 * await(USER.where(ann, serve(request)));     // in serve, and in what it awaits: USER.get()
 * }
 *
 * <p>A {@link ThreadLocal} belongs to a thread, which polls something else a moment later; a {@link ScopedValue} holds until its {@code call}
 * returns, and a body that awaits returns at once. Neither of them crosses an await. What a library keeps there a {@link ThreadBridge} sets
 * while this is set.
 *
 * <p><b>What is spawned</b> inside has the values of those made by {@link #inherited}, as they were where it was spawned; of those made by {@link #create}
 * it has none. Children of a scope, and of a {@link Async#joinSet}, are spawned where the scope is awaited, whoever calls its {@code spawn}. {@link Context#spawner()} keeps what is
 * inherited, also across an await; an executor itself knows nothing of it. {@link Async#spawnBlocking} and {@link Async#compute} are a part of what
 * awaits them, so they have all values.
 *
 * <p>A value is found by asking one after the other: meant for a handful.
 *
 * @param <T> the values, never null
 */
public final class TaskLocal<T> {
    private final String name;
    final boolean isInherited;
    final @Nullable ThreadBridge<T> bridge;

    private TaskLocal(String name, boolean isInherited, @Nullable ThreadBridge<T> bridge) {
        this.name = Objects.requireNonNull(name);
        this.isInherited = isInherited;
        this.bridge = bridge;
    }

    /** {@return a local that holds in one task only} */
    public static <T> TaskLocal<T> create(String name) {
        return new TaskLocal<>(name, false, null);
    }

    /** {@return a local that what is spawned has, too} */
    public static <T> TaskLocal<T> inherited(String name) {
        return new TaskLocal<>(name, true, null);
    }

    /** {@return as {@link #inherited(String)}, for a library that looks at its thread: {@code bridge} is called wherever the local begins or ends to hold} */
    public static <T> TaskLocal<T> inherited(String name, ThreadBridge<T> bridge) {
        return new TaskLocal<>(name, true, Objects.requireNonNull(bridge));
    }

    /**
     * {@return {@code future}, in whose polls and cleanup this local is {@code value}}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public <R> Future<R> where(T value, Future<? extends R> future) {
        return new Located<>(this, Objects.requireNonNull(value), null, future);
    }

    /**
     * {@return as {@link #where}, with a value that is made at the first poll, of the one that holds there; null: none does}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public <R> Future<R> updated(UnaryOperator<@Nullable T> change, Future<? extends R> future) {
        return new Located<>(this, null, Objects.requireNonNull(change), future);
    }

    /**
     * {@return the value} In an async body it is woven, and uses the context of the current poll. Elsewhere it is there only
     * in what {@link Async#spawnBlocking}, {@link Async#compute} or {@link TaskLocals#call} runs; a helper asks {@link #get(Context)}.
     *
     * @throws NoSuchElementException where it is not set
     * @throws IllegalStateException outside of all those
     */
    public T get() {
        return get(TaskLocals.ofThread(this));
    }

    /**
     * {@return the value}
     *
     * @param cx of the current poll
     * @throws NoSuchElementException where it is not set
     */
    public T get(Context cx) {
        return get(cx.locals());
    }

    private T get(TaskLocals locals) {
        T value = locals.find(this);
        if (value == null) {
            throw new NoSuchElementException(this + " is not set here: it holds within its where(value, future), and "
                    + (isInherited ? "in what is spawned there" : "not in what is spawned there"));
        }
        return value;
    }

    /**
     * {@return the value, or {@code other} where it is not set} As {@link #get()}.
     *
     * @throws IllegalStateException as there
     */
    public T orElse(T other) {
        return orElse(TaskLocals.ofThread(this), other);
    }

    /**
     * {@return the value, or {@code other} where it is not set}
     *
     * @param cx of the current poll
     */
    public T orElse(T other, Context cx) {
        return orElse(cx.locals(), other);
    }

    private T orElse(TaskLocals locals, T other) {
        T value = locals.find(this);
        return value == null ? other : value;
    }

    @Override
    public String toString() {
        return "the task local `" + name + "`";
    }
}
