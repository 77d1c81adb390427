package dev.latent;

import dev.latent.internal.Failures;
import dev.latent.internal.Names;
import dev.latent.internal.Sneaky;
import dev.latent.internal.Undelivered;
import dev.latent.task.Wait;
import dev.latent.world.FailureHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For executors and combinators: taking, driving and dropping a future as its owner. An owner claims a future once, says who
 * it is in each later call, and its {@code toString} is what a person reads when a second owner is refused.
 *
 * <p>Ownership is known for every {@link OwnedFuture}; any other future is taken on trust.
 */
public final class Owners {
    /** What {@link #pollRaw} returns for {@link Poll.Pending}. */
    public static final Object PENDING = Chain.SUSPENDED;

    private Owners() {}

    /**
     * Takes {@code future}.
     *
     * @throws IllegalStateException when it has another owner, or has ended
     */
    public static void claim(Future<?> future, Object owner) {
        if (future instanceof OwnedFuture<?> owned) {
            owned.claim(owner);
        } else if (future instanceof SharedFuture<?> shared) {
            shared.claim(owner);
        } else if (future == null) {
            throw new NullPointerException("a null future was passed to " + owner);
        }
    }

    /** {@return whether a claim of {@code future} would succeed} */
    static boolean isFree(@Nullable Future<?> future) {
        return future != null && !(future instanceof OwnedFuture<?> owned && owned.owner() != null);
    }

    /** {@code from} has claimed {@code future}, which is pending, for {@code to}. */
    static void handOver(Future<?> future, Object from, Object to, Context cx) {
        if (future instanceof OwnedFuture<?> owned) {
            owned.adopt(to);
        } else if (future instanceof SharedFuture<?> shared) {
            shared.handOver(from, to, cx.waker());
        }
    }

    /** Gives {@code future} back, to be claimed by another. */
    public static void unclaim(Future<?> future, Object owner) {
        if (future instanceof OwnedFuture<?> owned && owned.owner() == owner) {
            owned.unclaim();
        } else if (future instanceof SharedFuture<?> shared) {
            shared.release(owner, null);
        }
    }

    /** {@return {@code failure} of a task, its trace going on with this thread's, which has blocked for it} */
    public static <T extends Throwable> T thrownToBlocked(T failure) {
        AwaitTrace.toBlocked(failure);
        return failure;
    }

    /**
     * For an executor whose tasks move between threads, before it takes {@code future}.
     *
     * @throws IllegalStateException when it is known to be bound to a thread, see {@link NotSend}
     */
    public static void requireSend(Future<?> future, Object executor) {
        if (future instanceof OwnedFuture<?> owned && owned.notSend() instanceof String bound) {
            throw new IllegalStateException(bound + ", and " + executor + " may move " + future
                    + " to another thread: end its use before the await, or use spawnLocal on a LocalExecutor");
        }
    }

    /** {@return whether {@code future} is in the middle of a poll, as far as it can tell} */
    public static boolean isBeingPolled(Future<?> future) {
        return future instanceof OwnedFuture<?> owned && owned.isBeingPolled();
    }

    /**
     * {@return a new future that runs the async closure {@code closure} on {@code arguments}}
     *
     * <p><em>Cancel safety:</em> that of its body.
     *
     * @throws NotWovenException when it was compiled without Latent's weaver
     */
    public static <T extends @Nullable Object> Future<T> call(Object closure, @Nullable Object... arguments) {
        return AsyncFrame.of(closure, arguments);
    }

    /**
     * {@return what {@code future}, which must not be polled meanwhile, waits for at the tips of its branches; null where that is not only what tasks hold}
     */
    public static @Nullable List<Wait> waits(Future<?> future) {
        List<Wait> waits = new ArrayList<>();
        return Leaves.addTo(waits, future, 0) ? waits : null;
    }

    /** {@return where the innermost body of {@code future} stands, which must not be polled meanwhile; null: it is no async body} */
    public static @Nullable StackTraceElement place(Future<?> future) {
        return Leaves.place(future);
    }

    /** {@return whether this future is known to have ended: ready, thrown or dropped} */
    public static boolean isEnded(Future<?> future) {
        return future instanceof OwnedFuture<?> owned && owned.isEnded();
    }

    /** Polls as the owner; see {@link Future#poll}. */
    public static <T extends @Nullable Object> Poll<T> poll(Future<T> future, Object owner, Context cx)
            throws Exception {
        if (future instanceof OwnedFuture<T> owned) {
            return owned.pollAs(owner, cx);
        }
        return future instanceof SharedFuture<T> shared ? shared.pollAs(owner, cx) : future.poll(cx);
    }

    /**
     * Polls as the owner, without making a {@link Poll} where the future is woven.
     *
     * @return the value, or {@link #PENDING}
     */
    public static @Nullable Object pollRaw(Future<?> future, Object owner, Context cx) throws Exception {
        if (future instanceof AsyncFrame<?> frame && frame.owner() == owner) {
            Object out;
            try {
                out = Chain.run(frame, cx);
            } catch (Throwable t) {
                frame.end();
                throw Sneaky.rethrow(t);
            }
            if (out != PENDING) {
                frame.end();
            }
            return out;
        }
        return poll(future, owner, cx) instanceof Poll.Ready<?>(var value) ? value : PENDING;
    }

    /** Drops as the owner; see {@link Future#drop}. What is {@link Pinned} or shared was only borrowed, and is given back. */
    public static void drop(Future<?> future, Object owner) {
        if (future instanceof PinnedFuture<?> pinned) {
            unclaim(pinned, owner);
        } else if (future instanceof OwnedFuture<?> owned) {
            owned.dropAs(owner);
        } else if (future instanceof SharedFuture<?> shared) {
            shared.release(owner, null);
        } else {
            future.drop();
        }
    }

    /** Drops as the owner, cleanup awaited; see {@link Future#pollDrop}. What is {@link Pinned} or shared is given back. */
    public static Poll<Void> pollDrop(Future<?> future, Object owner, Context cx) {
        if (future instanceof PinnedFuture<?> pinned) {
            unclaim(pinned, owner);
            return Poll.done();
        }
        if (future instanceof OwnedFuture<?> owned) {
            return owned.pollDropAs(owner, cx);
        }
        return future instanceof SharedFuture<?> shared ? shared.release(owner, cx) : future.pollDrop(cx);
    }

    /**
     * Lets go of a value that has no receiver any more: it goes to where {@link Futures#onUndelivered} says, or is closed if it
     * is {@link Releasable}, also inside a tuple, an {@link Item} or whatever else of Latent's holds it.
     *
     * @param source the future that gave the value
     */
    public static void undelivered(Future<?> source, @Nullable Object value) {
        undelivered(null, source, value);
    }

    /** As {@link #undelivered(Future, Object)}; a failure there is told to {@code spawner}. */
    @SuppressWarnings("unchecked")
    public static void undelivered(@Nullable Spawner spawner, Future<?> source, @Nullable Object value) {
        try {
            if (source instanceof OwnedFuture<?> owned) {
                ((OwnedFuture<@Nullable Object>) owned).undelivered(value);
            } else {
                Undelivered.discard(value);
            }
        } catch (Throwable t) {
            report(spawner, source, ", its value undelivered", t);
        }
    }

    /** {@return whether {@link #undelivered} needs to know the source} A woven body's value is its own affair. */
    public static boolean minds(Future<?> source) {
        return source instanceof OwnedFuture<?> && !(source instanceof AsyncFrame<?>);
    }

    /** {@return whether {@link Futures#onUndelivered} says where the values of {@code future} go that nobody receives} */
    public static boolean hasConsumer(Future<?> future) {
        return future instanceof OnUndelivered<?>;
    }

    /** {@return the priority that a program has given to {@code future}; see {@link Async#prioritized}} */
    public static int priority(Future<?> future) {
        return Prioritized.of(future);
    }

    /**
     * {@return whether {@code future} is the rest of a drop, which a closing executor still takes, unlike any other work}
     */
    public static boolean isCleanup(Future<?> future) {
        return future instanceof FrameDrop.Cleanup;
    }

    /**
     * Tells the executor of a failure that no caller is left to receive. Never throws: half-way through a cleanup, or a batch, that
     * would lose the rest of it.
     *
     * @param spawner null where the future was never polled
     */
    public static void report(@Nullable Spawner spawner, String where, Throwable failure) {
        try {
            FailureHandler handler = spawner == null ? null : spawner.capability(FailureHandler.class);
            (handler == null ? FailureHandler.logging() : handler).unhandled(where, failure);
        } catch (Throwable t) {
            try {
                FailureHandler.logging().unhandled("a failure handler", Failures.add(t, failure));
            } catch (Throwable none) {
                // No memory to tell it with, or the log's own failure: nobody is left to be told.
            }
        }
    }

    /** As {@link #report(Spawner, String, Throwable)}, of {@code subject} and {@code what} of it: {@code ", dropped"} */
    public static void report(@Nullable Spawner spawner, @Nullable Object subject, String what, Throwable failure) {
        String where;
        try {
            where = Names.of(subject) + what;
        } catch (Throwable noMemory) {
            where = what;
        }
        report(spawner, where, failure);
    }
}
