package dev.latent;

import dev.latent.internal.combine.Around;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A future in which task locals hold: {@link TaskLocal#where} adds one to those of whoever polls it, a task that was spawned has those that it
 * inherited. They stand in the context for the length of a poll or a drop, and then the others are put back, whatever happened.
 */
final class Located<T> extends Around<T> {
    /** Null: {@link #locals} are all. */
    private final @Nullable TaskLocal<Object> local;

    /** Makes the value at the first poll, if it is not there from the beginning. */
    private final @Nullable UnaryOperator<@Nullable Object> change;

    private TaskLocals locals;

    /** What {@link #locals} were made of. */
    private TaskLocals outer = TaskLocals.none();

    private @Nullable Object value;
    private @Nullable Spawner home;

    /** It is being dropped with nobody around. */
    private boolean alone;

    Located(TaskLocals locals, Future<? extends T> future) {
        this.locals = locals;
        this.local = null;
        this.change = null;
        take(future);
    }

    @SuppressWarnings("unchecked")
    <V> Located(
            TaskLocal<V> local,
            @Nullable V value,
            @Nullable UnaryOperator<@Nullable V> change,
            Future<? extends T> future) {
        this.locals = value == null ? outer : outer.with(local, value);
        this.local = (TaskLocal<Object>) local;
        this.value = value;
        this.change = (UnaryOperator<@Nullable Object>) (UnaryOperator<?>) change;
        take(future);
    }

    private void arrive(Context cx) {
        home = cx.executor();
        TaskLocals around = cx.locals();
        if (local == null || alone || outer == around && value != null) {
            return;
        }
        if (value == null && change != null) {
            value = Objects.requireNonNull(change.apply(around.find(local)), "the value of a task local");
        }
        if (value != null) {
            outer = around;
            locals = around.with(local, value);
        }
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        try {
            arrive(cx);
        } catch (Throwable t) { // the program's change: the future will not be polled
            Foreign.call(home, this, ", dropped", super::dropOwned);
            throw t;
        }
        TaskLocals before = cx.swapLocals(locals);
        TaskLocals.Entered entered = locals.enter(before, home);
        try {
            return pollInner(cx);
        } finally {
            TaskLocals.leave(entered, home);
            cx.swapLocals(before);
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (home != null || change == null) {
            arrive(cx);
        }
        TaskLocals before = cx.swapLocals(locals);
        TaskLocals.Entered entered = locals.enter(before, home);
        try {
            return super.pollDropOwned(cx);
        } finally {
            TaskLocals.leave(entered, home);
            cx.swapLocals(before);
        }
    }

    /** As far as it goes at once, and the rest as a task of the last executor. */
    @Override
    protected void dropOwned() {
        Spawner last = home;
        if (last == null) {
            super.dropOwned();
            return;
        }
        alone = true;
        if (!pollDropOwned(new Context(last)).isReady()) {
            try {
                last.spawn(new FrameDrop.Cleanup(this, last)).detach();
            } catch (Throwable t) {
                Owners.report(last, this, ", dropped: its cleanup waits, and no executor is left to run it", t);
            }
        }
    }
}
