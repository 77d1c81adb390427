package dev.latent;

import dev.latent.internal.combine.EndedCall;
import dev.latent.internal.combine.FirstOf;
import dev.latent.internal.combine.Join;
import dev.latent.internal.combine.JoinAll;
import dev.latent.internal.combine.Lazy;
import dev.latent.internal.combine.Select;
import dev.latent.internal.combine.Settled;
import dev.latent.internal.combine.Sleep;
import dev.latent.internal.combine.SleepUntil;
import dev.latent.internal.combine.Timeout;
import dev.latent.internal.combine.YieldNow;
import dev.latent.internal.scope.JoinSetFuture;
import dev.latent.internal.scope.ScopeFuture;
import dev.latent.world.BlockingPool;
import dev.latent.world.ComputePool;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * The words of an async program, meant to be imported statically: making, awaiting, combining and spawning futures.
 *
 * <p>All of them are lazy: they make a future that does nothing until it is polled. Each takes its arguments over: a future
 * has one owner, and passing it on a second time is an {@link IllegalStateException} that names both.
 *
 * <p>Dropping any of these futures drops what it holds, in the order of declaration. Unless said otherwise, a combinator is
 * as cancel-safe as its children, and remains pending until the cleanup of every child that it drops has ended.
 */
@SuppressWarnings({"unchecked", "varargs"})
public final class Async {
    private Async() {}

    // ---- bodies -----------------------------------------------------------------------------------------------------

    /**
     * {@return a new future that runs {@code body}}
     *
     * <p><em>Cancel safety:</em> that of {@code body}, which is dropped where it stands; one that was never polled runs none of it.
     *
     * @throws NotWovenException when the body was compiled without Latent's weaver
     */
    public static <T> Future<T> async(AsyncCallable<? extends T> body) {
        return AsyncFrame.of(body);
    }

    /**
     * {@return a new future that runs {@code body}}
     *
     * <p><em>Cancel safety:</em> that of {@code body}, which is dropped where it stands; one that was never polled runs none of it.
     *
     * @throws NotWovenException when the body was compiled without Latent's weaver
     */
    public static Future<Void> async(AsyncRunnable body) {
        return AsyncFrame.of(body);
    }

    /**
     * {@return a new future that runs {@code body} on {@code argument}}
     *
     * <p>In an async body {@code body.apply(argument)} is the same as awaiting it. Of an {@link AsyncConsumer}, for which an overload would make {@code x -> await(f(x))} ambiguous, the future is
     * {@code async(() -> body.accept(argument))}.
     *
     * <p><em>Cancel safety:</em> that of {@code body}, which is dropped where it stands; one that was never polled runs none of it.
     *
     * @throws NotWovenException when the body was compiled without Latent's weaver
     */
    public static <A, R> Future<R> async(AsyncFunction<? super A, ? extends R> body, A argument) {
        return AsyncFrame.of(body, new Object[] {argument});
    }

    /**
     * Waits for {@code future}, in an async body only, where it is woven: the body is suspended, not the thread.
     *
     * @return what the future became
     * @throws Exception what the future threw, as it is
     */
    public static <T> T await(Future<? extends T> future) throws Exception {
        throw NotWovenException.because("this await");
    }

    /**
     * Makes {@code future} a task of the executor that runs this async body.
     *
     * @return the handle that owns the task: leaving it unread, undetached is reported, closing it cancels the task
     */
    public static <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw NotWovenException.because("this spawn");
    }

    /**
     * As {@link #spawn}, of a future that may be {@linkplain NotSend bound to its thread}: the executor that runs this async body must be
     * one that polls its tasks on one thread.
     *
     * @throws IllegalStateException when it is not
     */
    public static <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
        throw NotWovenException.because("this spawnLocal");
    }

    /** {@return the context of the current poll, in an async body only; not to be kept across an await} */
    public static Context context() {
        throw NotWovenException.because("this context()");
    }

    /**
     * {@return a future of what {@code work}, which may block, returns; it runs on a thread of the executor's {@link BlockingPool}}
     *
     * <p>Where that pool has a bound for what waits, and is full, it throws a {@link java.util.concurrent.RejectedExecutionException}: the work has not run.
     *
     * <p><em>Cancel safety:</em> dropped before a thread has taken it, the work never runs; later, its thread is interrupted
     * and its result goes nowhere, an {@link AutoCloseable} one being closed.
     */
    @NotCancelSafe
    public static <T> Future<T> spawnBlocking(Callable<? extends T> work) {
        Objects.requireNonNull(work);
        return new Lazy<>("spawnBlocking", cx -> cx.capability(BlockingPool.class)
                .<T>run(cx.locals().carriedBy(work)));
    }

    /**
     * As {@link #spawnBlocking(Callable)}, for work that has an end of its own, which is better than an interrupt: {@code statement::cancel}, a socket, a flag.
     *
     * <pre>{@code
     * var rows = await(spawnBlocking(() -> read(statement.executeQuery()), statement::cancel));
     * }</pre>
     *
     * <p>Dropped while a thread is in {@code work}, this closes {@code end} on another thread of the pool, and the drop is over when both threads are out: so a connection, or a place in a pool, that stands around
     * this is free when nobody is in it any more. Who must not wait for that long gives it to a task of its own. What {@code work} throws then is
     * what was to be expected, and told nobody; a failure of {@code end} is reported. Since {@code end} takes a thread too, the pool has to have more threads than such calls.
     *
     * <p><em>Cancel safety:</em> dropped before a thread has begun it, the work never runs, nor does the end; later, see above, and its result goes nowhere, an {@link AutoCloseable}
     * one being closed. Where the drop is itself given up, as by the bound of a shutdown, or the pool takes no call for {@code end}, the thread is interrupted and nobody waits for it.
     *
     * <p><em>Memory effects:</em> what the task did before the drop is visible to {@code end}, and what {@code work} did to whoever goes on behind the drop.
     */
    @NotCancelSafe
    public static <T> Future<T> spawnBlocking(Callable<? extends T> work, AutoCloseable end) {
        return new EndedCall<>(Objects.requireNonNull(work), Objects.requireNonNull(end));
    }

    /**
     * {@return a future of what {@code work}, which keeps a processor busy, returns; it runs on a thread of the executor's {@link ComputePool}}
     *
     * <p>The system's is a {@link java.util.concurrent.ForkJoinPool}: parallel streams in {@code work}, and tasks that it forks, stay in it.
     *
     * <p><em>Cancel safety:</em> dropped before a thread has taken it, the work never runs; later, its thread is interrupted, which ends the work as soon as
     * it looks, and its result goes nowhere, an {@link AutoCloseable} one being closed.
     */
    @NotCancelSafe
    public static <T> Future<T> compute(Callable<? extends T> work) {
        Objects.requireNonNull(work);
        return new Lazy<>("compute", cx -> cx.capability(ComputePool.class)
                .<T>run(cx.locals().carriedBy(work)));
    }

    // ---- all of them ------------------------------------------------------------------------------------------------

    /**
     * {@return a future that runs both at the same time, on this task, and has both values}
     *
     * <p>The first failure drops the other and is thrown once its cleanup has ended.
     *
     * <p><em>Cancel safety:</em> that of its children; a value that one of them had already given goes with the join, see
     * {@link Futures#onUndelivered}.
     */
    public static <A, B> Future<Tuple2<A, B>> join(Future<? extends A> a, Future<? extends B> b) {
        return new Join<>(v -> new Tuple2<>((A) v[0], (B) v[1]), a, b);
    }

    /** {@return as {@link #join(Future, Future)}, of three} */
    public static <A, B, C> Future<Tuple3<A, B, C>> join(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
        return new Join<>(v -> new Tuple3<>((A) v[0], (B) v[1], (C) v[2]), a, b, c);
    }

    /** {@return as {@link #join(Future, Future)}, of four} */
    public static <A, B, C, D> Future<Tuple4<A, B, C, D>> join(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c, Future<? extends D> d) {
        return new Join<>(v -> new Tuple4<>((A) v[0], (B) v[1], (C) v[2], (D) v[3]), a, b, c, d);
    }

    /**
     * {@return a future that runs all of them at the same time, on this task, and has their values in the same order}
     *
     * <p>Only children that were woken are polled. Failures and cancel safety as with {@link #join(Future, Future)}.
     */
    public static <T> Future<List<T>> join(Collection<? extends Future<? extends T>> futures) {
        return new JoinAll<>(Integer.MAX_VALUE, futures);
    }

    /**
     * {@return as {@link #join(Collection)}, with at most {@code atOnce} of them under way at a time}
     *
     * <p>They begin in order. One that has not begun by the time of a failure never runs.
     *
     * @throws IllegalArgumentException when {@code atOnce} is not positive
     */
    public static <T> Future<List<T>> join(int atOnce, Collection<? extends Future<? extends T>> futures) {
        return new JoinAll<>(atOnce, futures);
    }

    /**
     * {@return a future that never fails: it has the value of {@code future}, or its failure, as an {@link Outcome}}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <T> Future<Outcome<T>> settle(Future<? extends T> future) {
        return new Settled<>(future);
    }

    // ---- one of them ------------------------------------------------------------------------------------------------

    /**
     * {@return a future of whichever is ready first; the other is dropped, and its cleanup has ended, before that is told}
     *
     * <p>The branch to be polled first is picked at random. A {@link Pinned} loser is not dropped but given back. If the
     * first to end fails, the select fails.
     *
     * <p><em>Cancel safety:</em> that of its children; recreating a child in a loop loses what it had done, {@link #pin} it.
     */
    public static <A, B> Future<OneOf2<A, B, Never, Never>> select(Future<? extends A> a, Future<? extends B> b) {
        return new Select<>(false, (i, v) -> i == 0 ? new First<>((A) v) : new Second<>((B) v), a, b);
    }

    /** {@return as {@link #select(Future, Future)}, of three} */
    public static <A, B, C> Future<OneOf3<A, B, C, Never>> select(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
        return new Select<>(
                false,
                (i, v) -> switch (i) {
                    case 0 -> new First<>((A) v);
                    case 1 -> new Second<>((B) v);
                    default -> new Third<>((C) v);
                },
                a,
                b,
                c);
    }

    /** {@return as {@link #select(Future, Future)}, of four} */
    public static <A, B, C, D> Future<OneOf4<A, B, C, D>> select(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c, Future<? extends D> d) {
        return new Select<>(
                false,
                (i, v) -> switch (i) {
                    case 0 -> new First<>((A) v);
                    case 1 -> new Second<>((B) v);
                    case 2 -> new Third<>((C) v);
                    default -> new Fourth<>((D) v);
                },
                a,
                b,
                c,
                d);
    }

    /** {@return as {@link #select(Future, Future)}, polled in the order of declaration} */
    public static <A, B> Future<OneOf2<A, B, Never, Never>> selectBiased(Future<? extends A> a, Future<? extends B> b) {
        return new Select<>(true, (i, v) -> i == 0 ? new First<>((A) v) : new Second<>((B) v), a, b);
    }

    /** {@return as {@link #selectBiased(Future, Future)}, of three} */
    public static <A, B, C> Future<OneOf3<A, B, C, Never>> selectBiased(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
        return new Select<>(
                true,
                (i, v) -> switch (i) {
                    case 0 -> new First<>((A) v);
                    case 1 -> new Second<>((B) v);
                    default -> new Third<>((C) v);
                },
                a,
                b,
                c);
    }

    /** {@return as {@link #selectBiased(Future, Future)}, of four} */
    public static <A, B, C, D> Future<OneOf4<A, B, C, D>> selectBiased(
            Future<? extends A> a, Future<? extends B> b, Future<? extends C> c, Future<? extends D> d) {
        return new Select<>(
                true,
                (i, v) -> switch (i) {
                    case 0 -> new First<>((A) v);
                    case 1 -> new Second<>((B) v);
                    case 2 -> new Third<>((C) v);
                    default -> new Fourth<>((D) v);
                },
                a,
                b,
                c,
                d);
    }

    /**
     * {@return as {@link #select(Future, Future)}, of any number, with a handler each: the winner's runs after the losers'
     * cleanup, and gives the result}
     */
    @SafeVarargs
    public static <R> Future<R> select(Arm<? extends R> first, Arm<? extends R>... rest) {
        return Arm.select(false, first, rest);
    }

    /** {@return as {@link #select(Arm, Arm[])}, polled in the order of declaration} */
    @SafeVarargs
    public static <R> Future<R> selectBiased(Arm<? extends R> first, Arm<? extends R>... rest) {
        return Arm.select(true, first, rest);
    }

    /**
     * {@return a future of whichever of any number is first to end, with its value or its failure; the others are dropped, and their cleanup has
     * ended, before that is told}
     *
     * <p>They are polled in order to begin with, later only those that were woken. A {@link Pinned} loser is given back.
     *
     * <p><em>Cancel safety:</em> as with {@link #select(Future, Future)}.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static <T> Future<T> race(Collection<? extends Future<? extends T>> futures) {
        return new FirstOf<>(false, futures);
    }

    /**
     * {@return as {@link #race}, of the first that succeeds} A failure counts only when all have failed: then the last is thrown, the earlier ones
     * suppressed in it.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static <T> Future<T> selectOk(Collection<? extends Future<? extends T>> futures) {
        return new FirstOf<>(true, futures);
    }

    /** {@return a branch of a select: when {@code future} wins, {@code body} runs on its value} */
    public static <A, R> Arm<R> on(Future<? extends A> future, AsyncFunction<? super A, ? extends R> body) {
        return new Arm<>(future, body);
    }

    /** {@return a branch of a select: when {@code future} wins, {@code body} runs on its value, and gives nothing} */
    public static <A> Arm<Void> onDo(Future<? extends A> future, AsyncConsumer<? super A> body) {
        return new Arm<>(future, body);
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    /**
     * {@return a future of {@code future}'s value, or of a {@link java.util.concurrent.TimeoutException} when it takes
     * longer than {@code limit}; then it has been dropped, and its cleanup has ended}
     *
     * <p>Time counts from the first poll. A {@link Pinned} future is given back instead of dropped. A future that is ready
     * when the time is up wins.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <T> Future<T> timeout(Duration limit, Future<? extends T> future) {
        return new Timeout<T, T>(limit, false, future);
    }

    /** {@return as {@link #timeout}, but being late is a value, not a failure} */
    public static <T> Future<Timed<T>> withTimeout(Duration limit, Future<? extends T> future) {
        return new Timeout<T, Timed<T>>(limit, true, future);
    }

    /**
     * {@return as {@link #timeout}, of a future that has to be ready at {@code deadline}; for one deadline that several steps share}
     *
     * <p>What there is left is found at the first poll, as by {@link #sleepUntil}. A deadline that has passed by then leaves the future one poll.
     */
    public static <T> Future<T> timeoutAt(Instant deadline, Future<? extends T> future) {
        return new Timeout<T, T>(Objects.requireNonNull(deadline), false, future);
    }

    /**
     * {@return a future that is ready {@code duration} after its first poll, by the clock of the executor that polls it}
     *
     * <p><em>Cancel safety:</em> nothing to lose; a new sleep starts anew.
     */
    public static Future<Void> sleep(Duration duration) {
        return new Sleep(duration);
    }

    /**
     * {@return a future that is ready at {@code deadline}, by the {@linkplain dev.latent.world.Clock#instant() calendar} of the executor that
     * polls it; at once, if that has passed}
     *
     * <p>The calendar is read once, at the first poll; from there on the time that was left is waited for, as by {@link #sleep}. Who sets the machine's
     * clock meanwhile changes nothing in that: the sleep ends after as much time as there seemed to be. To follow a calendar that may be
     * set, sleep in smaller steps, each of which reads it again.
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     */
    public static Future<Void> sleepUntil(Instant deadline) {
        return new SleepUntil(Objects.requireNonNull(deadline));
    }

    /**
     * {@return a future that is pending once, so that other tasks have their turn}
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     */
    public static Future<Void> yieldNow() {
        return new YieldNow();
    }

    // ---- names ------------------------------------------------------------------------------------------------------

    /**
     * {@return {@code future} under a name, which a person reads in dumps, in reports, and, where it is a task, at the end of the traces of its failures}
     * {@code spawn(named("audit", audit()))}.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <T> Future<T> named(String name, Future<? extends T> future) {
        return new Named<>(name, future);
    }

    /**
     * {@return {@code future}, which as a task has a priority, for an executor that goes by it} Higher comes first; a task that was not given any has 0.
     * Everywhere else it is just {@code future}.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <T> Future<T> prioritized(int priority, Future<? extends T> future) {
        return new Prioritized<>(priority, future);
    }

    // ---- ownership --------------------------------------------------------------------------------------------------

    /**
     * {@return {@code future}, staying in place while {@code select} or {@code timeout} borrow it; to be closed}
     *
     * <p><em>Cancel safety:</em> who borrows it and is dropped, gives it back as it stands; closing it drops it.
     */
    public static <T> Pinned<T> pin(Future<? extends T> future) {
        return new PinnedFuture<>(future, false);
    }

    /**
     * {@return as {@link #pin}, of a future that may be borrowed again when it has ended: from then on it is pending} So that a loop over a
     * {@code select} needs not to keep account of which of its branches are through.
     *
     * {@snippet :
     * try (var loaded = fuse(load())) {
     *     while (true) {
     *         switch (await(select(loaded, inbox.next()))) {
     *             case First(var page) -> show(page);      // once
     *             case Second(Item(var key)) -> typed(key);
     *             case Second(End()) -> { return; }
     *         }
     *     }
     * }
     * }
     */
    public static <T> Pinned<T> fuse(Future<? extends T> future) {
        return new PinnedFuture<>(future, true);
    }

    /**
     * {@return a future that runs {@code body}, owns every task spawned in its scope, and outlives them all}
     *
     * <p>The body's value is told once all children have ended. The first failure, of the body or a child, drops the others
     * and is thrown once all cleanup has ended; later ones are suppressed in it.
     *
     * <p><em>Cancel safety:</em> dropped, it cancels the body and every child, and waits for their cleanup.
     */
    public static <R> Future<R> scope(AsyncFunction<? super Scope, ? extends R> body) {
        return scope(Scope.OnFailure.CANCEL_SIBLINGS, body);
    }

    /** {@return as {@link #scope(AsyncFunction)}, with what a child's failure does} */
    public static <R> Future<R> scope(Scope.OnFailure onFailure, AsyncFunction<? super Scope, ? extends R> body) {
        return new ScopeFuture<>(onFailure, body);
    }

    /** {@return as {@link #scope(AsyncFunction)}, for a body that gives nothing} */
    public static Future<Void> scopeDo(AsyncConsumer<? super Scope> body) {
        return scopeDo(Scope.OnFailure.CANCEL_SIBLINGS, body);
    }

    /** {@return as {@link #scopeDo(AsyncConsumer)}, with what a child's failure does} */
    public static Future<Void> scopeDo(Scope.OnFailure onFailure, AsyncConsumer<? super Scope> body) {
        return new ScopeFuture<>(onFailure, body);
    }

    /**
     * {@return a future that runs {@code body} on a set of tasks of the executor that polls it, and closes the set when the body has ended}
     *
     * <p>The type of the tasks stands at the parameter: {@code joinSet((JoinSet<Page> pages) -> …)}. The body's value, or failure, is told once
     * all cleanup has ended.
     *
     * <p><em>Cancel safety:</em> dropped, it cancels the body and every task, and waits for their cleanup.
     */
    public static <T, R> Future<R> joinSet(AsyncFunction<? super JoinSet<T>, ? extends R> body) {
        return new JoinSetFuture<>(group -> Owners.call(body, JoinSet.<T>of(group)));
    }

    /** {@return as {@link #joinSet(AsyncFunction)}, for a body that gives nothing} */
    public static <T> Future<Void> joinSetDo(AsyncConsumer<? super JoinSet<T>> body) {
        return new JoinSetFuture<>(group -> Owners.call(body, JoinSet.<T>of(group)));
    }
}
