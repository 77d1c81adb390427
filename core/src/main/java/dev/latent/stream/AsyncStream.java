package dev.latent.stream;

import dev.latent.AsyncBiFunction;
import dev.latent.AsyncCloseable;
import dev.latent.AsyncConsumer;
import dev.latent.AsyncFunction;
import dev.latent.AsyncPredicate;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Next;
import dev.latent.NowOr;
import dev.latent.Source;
import dev.latent.Spawner;
import dev.latent.Tuple2;
import dev.latent.channel.Channel;
import dev.latent.channel.Sender;
import dev.latent.time.Interval;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collector;
import java.util.stream.Gatherer;

/**
 * Values that come over time, and what is done with them: {@code java.util.stream.Stream} for what has to be waited for.
 *
 * {@snippet :
 * rows().filter(r -> r.paid())
 *       .mapConcurrent(8, r -> await(enrich(r)))
 *       .chunks(100, ofMillis(50))
 *       .forEach(batch -> await(store(batch)));
 * }
 *
 * <p><b>Lazy.</b> Operators only describe; nothing runs before a value is asked for, by a terminal operation ({@link #forEach},
 * {@link #toList}, …, which are futures) or by {@link #next}, and then no more than that takes. A stream is used once: each operator takes the one it
 * is called on over, and a second one on the same is refused.
 *
 * <p><b>Plain and async.</b> {@code map}, {@code filter} and the like take functions that may throw anything but do not await. Those whose name says {@code Async} or
 * {@code Concurrent}, and {@code forEach}, take async closures.
 *
 * <p><b>Ends.</b> An end is told, and a failure thrown, when all that the stream held has been dropped and its cleanup has ended, from the last
 * operator to the source. After that the stream is at its end.
 *
 * <p><b>Speed.</b> Values that are there flow through all operators without a future; a source spends a unit of the poll's budget for each.
 *
 * <p><em>Cancel safety:</em> dropping {@link #next} cancels nothing and loses nothing: what is in flight, half a chunk for instance, stays in the stream, unpolled until
 * it is asked again or closed. A terminal operation owns the stream, and dropping that drops all: first the body that runs, then the operators from
 * the last to the source. A loop by hand stands in {@code try (stream)}. Values that nobody received are closed where they are
 * {@link dev.latent.Releasable}, and let go otherwise.
 *
 * <p><em>Memory effects:</em> a stream belongs to one task at a time, and each poll of it happens-before the next, on whatever thread; functions
 * and closures need no synchronisation of their own.
 *
 * @param <T> the values
 */
@SuppressWarnings("varargs")
public sealed interface AsyncStream<T> extends Source<T>, AsyncCloseable permits Operators, PeekableStream {
    // ---- sources ----------------------------------------------------------------------------------------------------

    /** {@return a stream of these} */
    @SafeVarargs
    static <T> AsyncStream<T> of(T... values) {
        return new Leaves.OfArray<>(values.clone());
    }

    /** {@return a stream without values} */
    static <T> AsyncStream<T> empty() {
        return from(List.of());
    }

    /** {@return a stream that fails with {@code failure}} */
    static <T> AsyncStream<T> failed(Throwable failure) {
        return new Leaves.Failed<>(Objects.requireNonNull(failure));
    }

    /** {@return a stream of what {@code values} has when the first is asked for} */
    static <T> AsyncStream<T> from(Iterable<? extends T> values) {
        return new Leaves.OfIterable<>("from an Iterable", Objects.requireNonNull(values), null);
    }

    /** {@return a stream of what {@code values} still has} */
    static <T> AsyncStream<T> from(Iterator<? extends T> values) {
        return new Leaves.OfIterable<>("from an Iterator", null, Objects.requireNonNull(values));
    }

    /**
     * {@return a stream of what a channel, an interval, a set of tasks or any other source gives}
     *
     * <p>It owns the source: dropped, or at its end, it closes that, and waits for it where the source is {@link AsyncCloseable}.
     */
    @SuppressWarnings("unchecked")
    static <T> AsyncStream<T> from(Source<? extends T> source) {
        return source instanceof AsyncStream<?> stream
                ? (AsyncStream<T>) stream
                : new FromSource<>(Objects.requireNonNull(source));
    }

    /** {@return a stream of the one value that {@code future} becomes} It owns the future. */
    static <T> AsyncStream<T> from(Future<? extends T> future) {
        return new OfFuture<>(future);
    }

    /** {@return a stream of the one value with which {@code stage} completes} Dropped, it leaves the stage alone. */
    static <T> AsyncStream<T> from(CompletionStage<? extends T> stage) {
        return from(Futures.<T>observe(stage));
    }

    /**
     * {@return a stream of what {@code publisher} publishes}
     *
     * <p>It subscribes when the first value is asked for, and asks for up to 32 values ahead. Dropped, it cancels the subscription, and lets go of what has come.
     *
     * <p><em>Memory effects:</em> what the publisher did before {@code onNext} is visible to whoever receives the value.
     */
    static <T> AsyncStream<T> from(Flow.Publisher<? extends T> publisher) {
        return new FromPublisher<>(Objects.requireNonNull(publisher), FromPublisher.AHEAD);
    }

    /**
     * {@return a stream of what {@code body} emits: an async generator}
     *
     * {@snippet :
     * AsyncStream.<Row>generate(out -> {
     *     for (int n = 1; ; n++) {
     *         var page = await(fetch(n));
     *         for (var row : page.rows()) await(out.emit(row));
     *         if (page.last()) return;
     *     }
     * })
     * }
     *
     * <p>The body runs only while a value is asked for, as far as its next {@link Emitter#emit}. The stream ends when the body does, and fails as it
     * does. Dropped, it drops the body: {@code finally} blocks run, those that await too.
     *
     * <p>{@code emit} is for the body itself, one at a time; what comes from tasks, or from several places at once, goes through {@link #channel}.
     *
     * @throws dev.latent.NotWovenException when the body was compiled without Latent's weaver
     */
    static <T> AsyncStream<T> generate(AsyncConsumer<? super Emitter<T>> body) {
        return new Generated<>(body);
    }

    /**
     * {@return a stream of what {@code body} sends, and whoever else has a sender: the tasks that it spawns, threads, callbacks}
     *
     * {@snippet :
     * AsyncStream.<Event>channel(64, tx -> await(scopeDo(s -> {
     *     for (var sensor : sensors) s.spawn(watch(sensor, tx));
     * })))
     * }
     *
     * <p>The body runs whenever the stream is polled. {@code tx} is closed when it has ended; the stream ends when that, and all that were made of it by
     * {@link Sender#newSender}, are closed. The body's failure ends it for all, and stands behind what was sent. Dropped, it drops the body, and what was sent and
     * not received.
     *
     * @param ahead values that may have been sent and not received; who sends more waits
     * @throws IllegalArgumentException when {@code ahead} is not positive
     * @throws dev.latent.NotWovenException when the body was compiled without Latent's weaver
     */
    static <T> AsyncStream<T> channel(int ahead, AsyncConsumer<? super Sender<T>> body) {
        return new Channelled<>(Channel.bounded(ahead), body);
    }

    /** {@return as {@link #channel(int, AsyncConsumer)}, with up to 64 values ahead} */
    static <T> AsyncStream<T> channel(AsyncConsumer<? super Sender<T>> body) {
        return channel(64, body);
    }

    /** {@return a stream of the ticks of a clock, counted from 0: the first at once, then one each {@code period}} As an {@link Interval}, of which {@link #from(Source)} makes a stream too. */
    static AsyncStream<Long> interval(Duration period) {
        return from(Interval.every(period));
    }

    /** {@return a stream of {@code value}, again and again} */
    static <T> AsyncStream<T> repeat(T value) {
        return new Leaves.Repeat<>(value);
    }

    /** {@return a stream of what {@code function} makes of a state: a value and the next state, until it gives {@link Next#end}} */
    static <S, T> AsyncStream<T> unfold(S seed, Plain.Function<? super S, ? extends Next<Tuple2<T, S>>> function) {
        return new Leaves.Unfold<>(seed, Objects.requireNonNull(function));
    }

    /** {@return as {@link #unfold}, by a closure that may await} */
    static <S, T> AsyncStream<T> unfoldAsync(S seed, AsyncFunction<? super S, ? extends Next<Tuple2<T, S>>> function) {
        return new Awaiting.Unfold<>(seed, Objects.requireNonNull(function));
    }

    // ---- of several -------------------------------------------------------------------------------------------------

    /** {@return a stream of the values of all of them, one stream after the other} */
    @SafeVarargs
    static <T> AsyncStream<T> concat(AsyncStream<? extends T>... streams) {
        return new Inner.Concat<>(List.of(streams));
    }

    /**
     * {@return a stream of the values of all of them, as they come}
     *
     * <p>Only streams that were woken are polled, in turns. The first failure drops the others.
     */
    @SafeVarargs
    static <T> AsyncStream<T> mergeAll(AsyncStream<? extends T>... streams) {
        return new Merge<>(List.of(streams));
    }

    /** {@return as {@link #mergeAll(AsyncStream[])}, of any number} */
    static <T> AsyncStream<T> mergeAll(List<? extends AsyncStream<? extends T>> streams) {
        return new Merge<>(streams);
    }

    /** {@return as {@link #mergeAll(AsyncStream[])}, of a few, of which an earlier one is always asked before a later one} */
    @SafeVarargs
    static <T> AsyncStream<T> mergeBiased(AsyncStream<? extends T>... streams) {
        return new Several.Biased<>(List.of(streams));
    }

    // ---- one value after the other ----------------------------------------------------------------------------------

    /** {@return a stream of what {@code function} makes of each value} */
    <R> AsyncStream<R> map(Plain.Function<? super T, ? extends R> function);

    /** {@return a stream of what {@code function} makes of each value, one after the other} While it runs, the stream gets on as far as it has place. */
    <R> AsyncStream<R> mapAsync(AsyncFunction<? super T, ? extends R> function);

    /** {@return a stream of the values of which {@code predicate} says yes} */
    AsyncStream<T> filter(Plain.Predicate<? super T> predicate);

    /** {@return a stream of the values of which {@code predicate} says yes, asked one after the other} */
    AsyncStream<T> filterAsync(AsyncPredicate<? super T> predicate);

    /** {@return a stream of the values of the streams that {@code function} makes, one stream after the other} */
    <R> AsyncStream<R> flatMap(Plain.Function<? super T, ? extends AsyncStream<? extends R>> function);

    /** {@return these values, each shown to {@code consumer} as it passes} */
    AsyncStream<T> inspect(Plain.Consumer<? super T> consumer);

    /** {@return a stream of what {@code function} has made of all values so far, from {@code init} on; {@code init} itself is not among them} */
    <R> AsyncStream<R> scan(R init, Plain.BiFunction<? super R, ? super T, ? extends R> function);

    /** {@return these values, each with its number, from 0} */
    AsyncStream<Tuple2<Long, T>> enumerate();

    /** {@return these values, without those that equal the one before, which are let go} */
    AsyncStream<T> distinctUntilChanged();

    /** {@return these values, of which the next can be looked at} */
    PeekableStream<T> peekable();

    /**
     * {@return what an operator of {@code java.util.stream} makes of these values} What it pushes at once waits here until it is asked for.
     */
    <R> AsyncStream<R> gather(Gatherer<? super T, ?, R> gatherer);

    // ---- several at once --------------------------------------------------------------------------------------------

    /**
     * {@return a stream of what {@code function} makes of each value, in the order of the values, up to {@code most} at the same time on this task}
     *
     * <p>Those that run, and those that have ended and were not asked for, are never more than {@code most}. A failure comes at its place: what stands before it is
     * given, what stands behind is dropped, cleanup included, before it is thrown. Once it is known, nothing new is started.
     *
     * @throws IllegalArgumentException when {@code most} is not positive
     */
    <R> AsyncStream<R> mapConcurrent(int most, AsyncFunction<? super T, ? extends R> function);

    /** {@return as {@link #mapConcurrent}, in the order in which they end} So come failures. */
    <R> AsyncStream<R> mapConcurrentUnordered(int most, AsyncFunction<? super T, ? extends R> function);

    // ---- some of them -----------------------------------------------------------------------------------------------

    /** {@return the first {@code n} values} No more are asked for. */
    AsyncStream<T> take(long n);

    /** {@return the values before the first of which {@code predicate} says no} */
    AsyncStream<T> takeWhile(Plain.Predicate<? super T> predicate);

    /** {@return the values that come before {@code signal} is ready; it fails as that does} It owns the signal. */
    AsyncStream<T> takeUntil(Future<?> signal);

    /** {@return these values, without the first {@code n}, which are let go} */
    AsyncStream<T> skip(long n);

    /** {@return the values from the first of which {@code predicate} says no} */
    AsyncStream<T> skipWhile(Plain.Predicate<? super T> predicate);

    /** {@return the values that come once {@code signal} is ready} Those before are taken, and let go. It owns the signal. */
    AsyncStream<T> skipUntil(Future<?> signal);

    // ---- with others ------------------------------------------------------------------------------------------------

    /** {@return the values of both, as they come} */
    AsyncStream<T> mergeWith(AsyncStream<? extends T> other);

    /** {@return pairs, of one value of each, until one of them has no more} Both are asked at the same time. */
    <B> AsyncStream<Tuple2<T, B>> zip(AsyncStream<? extends B> other);

    /**
     * {@return these values and, should they fail, those of the stream that {@code function} makes of the failure}
     *
     * <p>What had failed is cleaned up before that. {@code function} may throw, the same failure or another.
     */
    AsyncStream<T> onError(Plain.Function<? super Throwable, ? extends AsyncStream<? extends T>> function);

    // ---- packed, and in time ----------------------------------------------------------------------------------------

    /**
     * {@return lists of {@code n} values; the last may be shorter, and comes before a failure}
     *
     * @throws IllegalArgumentException when {@code n} is not positive
     */
    AsyncStream<List<T>> chunks(int n);

    /** {@return as {@link #chunks(int)}; a list that is not full goes out {@code within} that time of its first value} */
    AsyncStream<List<T>> chunks(int n, Duration within);

    /** {@return these values, a time of {@code apart} between each and the next at least} None is lost; they are not asked for earlier. */
    AsyncStream<T> spaced(Duration apart);

    /** {@return each {@code period} the latest value, if there is a new one; the others are let go} The last one is given at the end. */
    AsyncStream<T> sample(Duration period);

    /** {@return the values after which none comes for {@code quiet}; the others are let go} The last one is given at the end. */
    AsyncStream<T> debounce(Duration quiet);

    /** {@return these values; it fails with a {@link java.util.concurrent.TimeoutException} if one takes longer than {@code limit} from when it was asked for} */
    AsyncStream<T> timeoutEach(Duration limit);

    /**
     * {@return these values, of which up to {@code n} are taken before they are asked for}
     *
     * <p>That happens whenever the stream is polled, on the same task: while one is asked for, and while {@link #forEach} or another closure behind this runs.
     *
     * @throws IllegalArgumentException when {@code n} is not positive
     */
    AsyncStream<T> buffer(int n);

    /**
     * {@return these values, which a task of {@code spawner} takes, up to {@code n} before they are asked for} So what comes before this and what comes behind it
     * work at the same time, on a {@code WorkStealingExecutor} on two threads; without a task of its own, {@link #buffer(int)} costs less.
     *
     * <p>The task is spawned when a value is first asked for. A failure stands behind the values before it.
     *
     * <p><em>Cancel safety:</em> that of every stream: what was taken stays until the next {@code next()}, and the task goes on taking meanwhile. Dropping the stream cancels the
     * task, and waits for its cleanup; values taken and not given are undelivered: closed, where they are {@link dev.latent.Releasable}.
     *
     * <p><em>Throws</em> {@link java.util.concurrent.CancellationException} where a value is asked for and {@code spawner} is closed.
     *
     * @throws IllegalArgumentException when {@code n} is not positive
     */
    AsyncStream<T> buffer(int n, Spawner spawner);

    /**
     * {@return these values for many, each of whom gets all from when it subscribes} A task of {@code spawner} reads them.
     *
     * @param ahead values that are kept for each, before the slowest holds back the others
     * @throws IllegalArgumentException when {@code ahead} is not positive
     */
    SharedStream<T> share(int ahead, Spawner spawner);

    // ---- what becomes of them ---------------------------------------------------------------------------------------

    /**
     * {@return a future that runs {@code body} on each value, one after the other}
     *
     * <p>While a body runs, the stream gets on as far as it has place: bodies of {@link #mapConcurrent}, and what {@link #buffer} takes ahead.
     */
    Future<Void> forEach(AsyncConsumer<? super T> body);

    /**
     * {@return a future that runs {@code body} on each value, on up to {@code most} at the same time, on this task} The first failure drops the others.
     *
     * @throws IllegalArgumentException when {@code most} is not positive
     */
    Future<Void> forEachConcurrent(int most, AsyncConsumer<? super T> body);

    /** {@return a future of what {@code function} makes of all values, from {@code init} on} */
    <R> Future<R> fold(R init, Plain.BiFunction<? super R, ? super T, ? extends R> function);

    /** {@return as {@link #fold}, by a closure that may await} */
    <R> Future<R> foldAsync(R init, AsyncBiFunction<? super R, ? super T, ? extends R> function);

    /** {@return a future of what {@code function} makes of all values; nothing, if there is none} */
    Future<Optional<T>> reduce(BinaryOperator<T> function);

    /** {@return a future of what {@code collector} makes of all values} */
    <A, R> Future<R> collect(Collector<? super T, A, R> collector);

    /** {@return a future of all values} */
    Future<List<T>> toList();

    /**
     * {@return a publisher of these values, for one subscriber; a second is told that with {@code onError}}
     *
     * <p>A task of {@code spawner} asks the stream for as many as the subscriber requests, and calls it. Cancelling drops the stream, cleanup included.
     * A subscriber that throws, against its contract, is reported, and cancelled.
     *
     * <p><em>Memory effects:</em> the calls of the subscriber happen one after the other.
     */
    Flow.Publisher<T> toPublisher(Spawner spawner);

    /** {@return as {@link #toPublisher(Spawner)}, for any number of subscribers, each with a stream of its own} */
    static <T> Flow.Publisher<T> publisher(Spawner spawner, Supplier<? extends AsyncStream<? extends T>> streams) {
        return new Published<>(spawner, streams);
    }

    // ---- by hand ----------------------------------------------------------------------------------------------------

    /**
     * {@return a future of the next value, or of the end} Behind the end comes the end again.
     *
     * <p><em>Cancel safety:</em> dropping it cancels nothing and loses nothing.
     *
     * @throws IllegalStateException at once, when the stream was taken over by an operator or a terminal operation; when it is polled, if another {@code next()} waits
     */
    @Override
    @NowOr("nextNow")
    Future<Next<T>> next();

    @Override
    Object nextNow(Context cx);

    /**
     * {@return a future that drops what the stream holds, and is ready when all cleanup has ended}
     *
     * <p>Of a stream that was taken over it does nothing: its owner does. <em>Cancel safety:</em> dropped half-way, the rest of the cleanup goes to the executor.
     */
    @Override
    Future<Void> closeAsync();

    /** As {@link #closeAsync}, without waiting: cleanup that has to wait goes to the executor that polled the stream last. */
    @Override
    void close();
}
