package dev.latent;

import dev.latent.world.World;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The {@link TaskLocal}s that are set somewhere, with their values. Immutable: to be kept for what is no part of the task, a callback for instance.
 */
public final class TaskLocals {
    private static final TaskLocals NONE = new TaskLocals(null);

    /** On a thread that does a task's work, outside any poll. */
    private static final ScopedValue<TaskLocals> ON_THREAD = ScopedValue.newInstance();

    private record Binding(
            TaskLocal<?> local, Object value, @Nullable Binding next) {}

    /** What {@link #enter} has done, to be undone by {@link #leave}. */
    record Entered(
            ThreadBridge<?> bridge,
            @Nullable Object before,
            @Nullable Entered outer) {}

    private final @Nullable Binding first;

    /** One of them has a bridge. */
    private final boolean bridged;

    /** Those that what is spawned has; null: none. */
    private final @Nullable TaskLocals inherited;

    /** The last that was asked for; any thread may write another. */
    private @Nullable Heir heir;

    private TaskLocals(@Nullable Binding first) {
        this.first = first;
        boolean anyBridge = false;
        boolean all = true;
        Binding kept = null;
        for (Binding b = first; b != null; b = b.next) {
            anyBridge |= b.local.bridge != null;
            if (b.local.isInherited) {
                kept = new Binding(b.local, b.value, kept);
            } else {
                all = false;
            }
        }
        this.bridged = anyBridge;
        this.inherited = all ? (first == null ? null : this) : kept == null ? null : new TaskLocals(kept);
    }

    static TaskLocals none() {
        return NONE;
    }

    // ---- values -----------------------------------------------------------------------------------------------------

    @SuppressWarnings("unchecked")
    <T> @Nullable T find(TaskLocal<T> local) {
        for (Binding b = first; b != null; b = b.next) {
            if (b.local == local) {
                return (T) b.value;
            }
        }
        return null;
    }

    <T> TaskLocals with(TaskLocal<T> local, T value) {
        return new TaskLocals(new Binding(local, value, without(first, local)));
    }

    private static @Nullable Binding without(@Nullable Binding list, TaskLocal<?> local) {
        if (list == null || list.local == local) {
            return list == null ? null : list.next;
        }
        return new Binding(list.local, list.value, without(list.next, local));
    }

    // ---- work that is no poll ---------------------------------------------------------------------------------------

    /** {@return those of the work that this thread does for a task} */
    static TaskLocals ofThread(TaskLocal<?> asked) {
        if (!ON_THREAD.isBound()) {
            throw new IllegalStateException(asked
                    + " was asked for outside an async body, where no task is known: pass its value, or a Context for get(cx), or"
                    + " keep context().locals() and make the call inside its call(…)");
        }
        return ON_THREAD.get();
    }

    /**
     * Runs {@code work} on this thread, with these values for {@link TaskLocal#get()} in ordinary code, and for bridges.
     *
     * @return what {@code work} returns
     * @throws X what it throws
     */
    public <R extends @Nullable Object, X extends Throwable> R call(ScopedValue.CallableOp<? extends R, X> work)
            throws X {
        Entered entered = enter(NONE, null);
        try {
            return ScopedValue.where(ON_THREAD, this).call(work);
        } finally {
            leave(entered, null);
        }
    }

    /** {@return {@code work} to be done for a task, elsewhere} */
    <R extends @Nullable Object> Callable<? extends R> carriedBy(Callable<? extends R> work) {
        return first == null ? work : () -> this.<R, Exception>call(work::call);
    }

    // ---- polls ------------------------------------------------------------------------------------------------------

    /**
     * {@return {@code future}, in whose polls and cleanup these hold, and no others}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public <R> Future<R> around(Future<? extends R> future) {
        return new Located<>(this, future);
    }

    /** Enters the bridges of what holds here, and not yet in {@code outer}: {@return what to {@link #leave}} */
    @Nullable
    Entered enter(TaskLocals outer, @Nullable Spawner told) {
        Entered entered = null;
        if (bridged) {
            for (Binding b = first; b != null; b = b.next) {
                if (b.local.bridge != null && outer.find(b.local) != b.value) {
                    entered = enter(b, entered, told);
                }
            }
        }
        return entered;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Entered enter(Binding b, @Nullable Entered outer, @Nullable Spawner told) {
        ThreadBridge<Object> bridge = (ThreadBridge<Object>) b.local.bridge;
        try {
            return bridge == null ? outer : new Entered(bridge, bridge.enter(b.value), outer);
        } catch (Throwable t) {
            Owners.report(told, b.local, ", its bridge", t);
            return outer;
        }
    }

    static void leave(@Nullable Entered entered, @Nullable Spawner told) {
        for (Entered e = entered; e != null; e = e.outer) {
            try {
                e.bridge.leave(e.before);
            } catch (Throwable t) {
                Owners.report(told, e.bridge, ", a bridge of a task local", t);
            }
        }
    }

    // ---- what is spawned --------------------------------------------------------------------------------------------

    /** {@return {@code executor}, giving what is inherited to its tasks; always the same, as long as the same is asked for} */
    Spawner on(Spawner executor) {
        if (inherited == null) {
            return executor;
        }
        Heir known = heir;
        if (known == null || known.home != executor) {
            known = new Heir(executor, inherited);
            heir = known;
        }
        return known;
    }

    /** {@return the executor itself, where {@code spawner} is one that gives locals to its tasks} */
    public static Spawner executor(Spawner spawner) {
        return spawner instanceof Heir heir ? heir.home : spawner;
    }

    /** {@link Context#spawner()} where something is inherited. */
    private static final class Heir implements Spawner {
        private final Spawner home;
        private final TaskLocals locals;

        Heir(Spawner home, TaskLocals locals) {
            this.home = home;
            this.locals = locals;
        }

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            if (Owners.isCleanup(future)) {
                return home.spawn(future);
            }
            Future<T> located = locals.around(future);
            try {
                return home.spawn(located);
            } catch (Throwable t) {
                Owners.unclaim(future, located);
                throw t;
            }
        }

        @Override
        public <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
            Future<T> located = locals.around(future);
            try {
                return home.spawnLocal(located);
            } catch (Throwable t) {
                Owners.unclaim(future, located);
                throw t;
            }
        }

        @Override
        public World world() {
            return home.world();
        }

        @Override
        public <C> @Nullable C capability(Class<C> type) {
            return home.capability(type);
        }

        @Override
        public String toString() {
            return home.toString();
        }
    }
}
