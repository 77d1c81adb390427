package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Next;
import dev.latent.Owners;
import dev.latent.internal.Names;
import dev.latent.internal.Undelivered;
import dev.latent.internal.combine.CloseFuture;
import dev.latent.internal.combine.NextFuture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream: a source of values, or an operator on another stage.
 *
 * <p><b>Pulled, without futures.</b> A pipeline is a chain of stages. Whoever is at its end calls {@link #advance}, which calls that of the stage above, and so on up
 * to the source; a value comes back through plain returns. Nothing is allocated, and no future made, except where an operator calls an
 * async closure. A stage that must wait returns {@link #PENDING} and keeps what it has; the waker of that poll will be woken.
 *
 * <p><b>Ends are driven from outside.</b> A stage that has returned {@link #END}, or thrown, is not asked again: a {@link Drive} stands at the end of
 * each pipeline (of a terminal operation, of {@code next()}, of each branch of a merge) and sees to it. It also {@linkplain #dispose disposes of} the
 * stages, and waits for that, before it tells of an end or a failure. So an operator only says that it is over; a {@code take} needs no
 * cleanup of its own.
 *
 * <p><b>While the consumer is at work</b> nobody asks for a value. Whoever runs an async closure then calls {@link #work} on the stage above, so
 * that what is in flight there gets on, up to its bound.
 *
 * <p><b>Owners.</b> {@link #take} is called by an operator or a terminal operation for the stage above it, once; afterwards nobody else may ask that for a value.
 *
 * <p>A stage belongs to one task at a time; each poll happens-before the next.
 */
abstract non-sealed class Stage<T> extends Operators<T> {
    /** Not yet. */
    static final Object PENDING = Owners.PENDING;

    /** There are no more. */
    static final Object END = NextFuture.END;

    /** Where a field holds no value; null may be one. */
    static final Object NONE = new Object();

    /** Who has taken this stage. */
    private @Nullable Object owner;

    /** This stage's end, when it has been asked by hand. */
    private @Nullable Drive<T> drive;

    // ---- the machine ------------------------------------------------------------------------------------------------

    /** {@return the next value, {@link #PENDING} or {@link #END}} */
    abstract @Nullable Object advance(Context cx) throws Exception;

    /** Nobody asks for a value at the moment; goes on with what is in flight. Never throws: a failure is told when its turn comes. */
    void work(Context cx) {}

    /** Drops what is held, downstream first: {@return whether all cleanup has ended} Called until then, and perhaps once more. Never throws. */
    abstract boolean dispose(Context cx);

    /** As {@link #dispose}, without waiting. */
    abstract void disposeNow();

    /** Adds what is waited for. */
    abstract void children(List<Future<?>> into);

    /** {@return the source, if an {@link #advance} that is pending has left nothing behind but perhaps there; otherwise null} */
    @Nullable
    Leaf<?> leaf() {
        return null;
    }

    // ---- helpers ----------------------------------------------------------------------------------------------------

    /** {@return the stage of {@code stream}, which belongs to {@code owner} from now on} */
    static <T> Stage<T> take(AsyncStream<? extends T> stream, Object owner) {
        @SuppressWarnings("unchecked")
        Stage<T> stage = (Stage<T>) stream;
        stage.requireFree(owner);
        stage.owner = owner;
        return stage.drive == null ? stage : stage.drive;
    }

    /** Undoes a {@link #take} by {@code owner}, which comes to nothing. */
    static void giveBack(AsyncStream<?> stream, Object owner) {
        Stage<?> stage = (Stage<?>) stream;
        if (stage.owner == owner) {
            stage.owner = null;
        }
    }

    /** {@return the ends of all of these, which belong to {@code owner} from now on; or, where one belongs to somebody else, none does} */
    static <T> List<Drive<T>> driveAll(List<? extends AsyncStream<? extends T>> streams, Object owner) {
        List<Drive<T>> all = new ArrayList<>();
        try {
            for (AsyncStream<? extends T> each : streams) {
                all.add(drive(each, owner));
            }
            return all;
        } catch (RuntimeException e) {
            streams.subList(0, all.size()).forEach(each -> giveBack(each, owner));
            throw e;
        }
    }

    /** {@return the end of the pipeline that {@code stream} is} It belongs to {@code owner} from now on. */
    static <T> Drive<T> drive(AsyncStream<? extends T> stream, Object owner) {
        Stage<T> stage = take(stream, owner);
        return stage instanceof Drive<T> driven ? driven : new Drive<>(stage);
    }

    private void requireFree(Object who) {
        if (owner != null) {
            throw new IllegalStateException(Names.of(this) + " is taken by " + Names.of(who) + ", but it belongs to "
                    + Names.of(owner) + ". A stream has one owner; for many use share");
        }
        if (drive != null && drive.asker() != null) {
            throw new IllegalStateException(
                    Names.of(this) + " is taken by " + Names.of(who) + ", but its next() is waited for");
        }
    }

    /** {@return whether all cleanup has ended} of {@code future}, which {@code owner} drops. */
    static boolean drop(Future<?> future, Object owner, Context cx) {
        try {
            return Owners.pollDrop(future, owner, cx).isReady();
        } catch (Throwable t) {
            Owners.report(cx.spawner(), future, ", dropped", t);
            return true;
        }
    }

    /** Drops {@code future} without waiting. */
    static void drop(Future<?> future, Object owner) {
        try {
            Owners.drop(future, owner);
        } catch (Throwable t) {
            Owners.report(null, future, ", dropped", t);
        }
    }

    /** Lets go of a value that has come out of this stage, and that nobody receives. */
    void undelivered(@Nullable Object value) {
        discard(value);
    }

    /** Lets go of a value that nobody receives. */
    static void discard(@Nullable Object value) {
        Undelivered.give(null, value, value);
    }

    /** A value is null only where its type is Void, which admits null. */
    @SuppressWarnings({"unchecked", "NullAway"})
    static <T> T cast(@Nullable Object value) {
        return (T) value;
    }

    // ---- by hand ----------------------------------------------------------------------------------------------------

    private Drive<T> drive() {
        if (drive == null) {
            drive = new Drive<>(this);
        }
        return drive;
    }

    @Override
    public Future<Next<T>> next() {
        return ask(false);
    }

    /** {@return {@link #next}, which leaves the value where it is on request} */
    final Future<Next<T>> ask(boolean keeps) {
        requireUntaken();
        return new NextFuture<>(drive(), keeps);
    }

    @Override
    public Object nextNow(Context cx) {
        requireUntaken();
        return drive().now(cx);
    }

    /** Refuses {@code next()} of a stage that belongs to somebody. */
    final void requireUntaken() {
        if (owner != null) {
            throw new IllegalStateException("next() of " + Names.of(this) + " is asked for, but it belongs to "
                    + Names.of(owner) + ". A stream has one owner; for many use share");
        }
    }

    @Override
    public Future<Void> closeAsync() {
        return owner != null ? Futures.done() : new CloseFuture(drive());
    }

    @Override
    public void close() {
        if (owner == null) {
            drive().closeNow();
        }
    }
}
