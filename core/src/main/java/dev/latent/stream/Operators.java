package dev.latent.stream;

import static java.util.Objects.requireNonNull;

import dev.latent.AsyncBiFunction;
import dev.latent.AsyncConsumer;
import dev.latent.AsyncFunction;
import dev.latent.AsyncPredicate;
import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.Tuple2;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import java.util.stream.Collector;
import java.util.stream.Gatherer;

/** Which stage each operator is. */
abstract sealed class Operators<T> implements AsyncStream<T> permits Stage {
    /** Of a number that has to be positive. */
    private static int positive(int n, String what) {
        if (n <= 0) {
            throw new IllegalArgumentException(what + "(" + n + "): it takes at least 1");
        }
        return n;
    }

    @Override
    public final <R> AsyncStream<R> map(Plain.Function<? super T, ? extends R> function) {
        return new Step.Map<>("map", this, requireNonNull(function));
    }

    @Override
    public final <R> AsyncStream<R> mapAsync(AsyncFunction<? super T, ? extends R> function) {
        return new Awaiting.Map<>(this, requireNonNull(function));
    }

    @Override
    public final AsyncStream<T> filter(Plain.Predicate<? super T> predicate) {
        return new Step.Filter<>("filter", this, requireNonNull(predicate));
    }

    @Override
    public final AsyncStream<T> filterAsync(AsyncPredicate<? super T> predicate) {
        return new Awaiting.Filter<>(this, requireNonNull(predicate));
    }

    @Override
    public final <R> AsyncStream<R> flatMap(Plain.Function<? super T, ? extends AsyncStream<? extends R>> function) {
        return new Inner.FlatMap<>(this, requireNonNull(function));
    }

    @Override
    public final AsyncStream<T> inspect(Plain.Consumer<? super T> consumer) {
        requireNonNull(consumer);
        return new Step.Map<T, T>("inspect", this, value -> {
            consumer.accept(value);
            return value;
        });
    }

    @Override
    public final <R> AsyncStream<R> scan(R init, Plain.BiFunction<? super R, ? super T, ? extends R> function) {
        return new Step.Map<T, R>("scan", this, Step.scanning(init, requireNonNull(function)));
    }

    @Override
    public final AsyncStream<Tuple2<Long, T>> enumerate() {
        long[] next = {0};
        return new Step.Map<T, Tuple2<Long, T>>("enumerate", this, value -> new Tuple2<>(next[0]++, value));
    }

    @Override
    public final AsyncStream<T> distinctUntilChanged() {
        return new Step.Filter<>("distinctUntilChanged", this, Step.changed());
    }

    @Override
    public final PeekableStream<T> peekable() {
        return new Peeked<>(this);
    }

    @Override
    public final <R> AsyncStream<R> gather(Gatherer<? super T, ?, R> gatherer) {
        return new Gathered<>(this, requireNonNull(gatherer));
    }

    @Override
    public final <R> AsyncStream<R> mapConcurrent(int most, AsyncFunction<? super T, ? extends R> function) {
        return new Concurrent<>("mapConcurrent", this, positive(most, "mapConcurrent"), true, requireNonNull(function));
    }

    @Override
    public final <R> AsyncStream<R> mapConcurrentUnordered(int most, AsyncFunction<? super T, ? extends R> function) {
        String name = "mapConcurrentUnordered";
        return new Concurrent<>(name, this, positive(most, name), false, requireNonNull(function));
    }

    @Override
    public final AsyncStream<T> take(long n) {
        return new Step.Take<>(this, notNegative(n, "take"));
    }

    @Override
    public final AsyncStream<T> takeWhile(Plain.Predicate<? super T> predicate) {
        return new Step.TakeWhile<>(this, requireNonNull(predicate));
    }

    @Override
    public final AsyncStream<T> takeUntil(Future<?> signal) {
        return new Until<>(this, true, signal);
    }

    @Override
    public final AsyncStream<T> skip(long n) {
        return new Step.Filter<>("skip", this, Step.<T>skipping(notNegative(n, "skip")));
    }

    private static long notNegative(long n, String what) {
        if (n < 0) {
            throw new IllegalArgumentException(what + "(" + n + "): it takes at least 0");
        }
        return n;
    }

    @Override
    public final AsyncStream<T> skipWhile(Plain.Predicate<? super T> predicate) {
        return new Step.Filter<>("skipWhile", this, Step.skipping(requireNonNull(predicate)));
    }

    @Override
    public final AsyncStream<T> skipUntil(Future<?> signal) {
        return new Until<>(this, false, signal);
    }

    @Override
    public final AsyncStream<T> mergeWith(AsyncStream<? extends T> other) {
        return new Merge<>(List.of(this, other));
    }

    @Override
    public final <B> AsyncStream<Tuple2<T, B>> zip(AsyncStream<? extends B> other) {
        return new Several.Zip<>(this, other);
    }

    @Override
    public final AsyncStream<T> onError(
            Plain.Function<? super Throwable, ? extends AsyncStream<? extends T>> function) {
        return new Inner.OnError<>(this, requireNonNull(function));
    }

    @Override
    public final AsyncStream<List<T>> chunks(int n) {
        return new Chunks<>(this, positive(n, "chunks"), null);
    }

    @Override
    public final AsyncStream<List<T>> chunks(int n, Duration within) {
        return new Chunks<>(this, positive(n, "chunks"), new Pause(within));
    }

    @Override
    public final AsyncStream<T> spaced(Duration apart) {
        return new Paced.Spaced<>(this, apart);
    }

    @Override
    public final AsyncStream<T> sample(Duration period) {
        return new Latest<>("sample", this, new Pause(period), false);
    }

    @Override
    public final AsyncStream<T> debounce(Duration quiet) {
        return new Latest<>("debounce", this, new Pause(quiet), true);
    }

    @Override
    public final AsyncStream<T> timeoutEach(Duration limit) {
        return new Paced.TimeoutEach<>(this, limit);
    }

    @Override
    public final AsyncStream<T> buffer(int n) {
        return new Buffer<>(this, positive(n, "buffer"));
    }

    @Override
    public final AsyncStream<T> buffer(int n, Spawner spawner) {
        return new BufferTask<>(this, positive(n, "buffer"), Objects.requireNonNull(spawner));
    }

    @Override
    public final SharedStream<T> share(int ahead, Spawner spawner) {
        return new SharedStream<>(this, positive(ahead, "share"), spawner);
    }

    @Override
    public final Future<Void> forEach(AsyncConsumer<? super T> body) {
        return new Each.ForEach<>(this, requireNonNull(body));
    }

    @Override
    public final Future<Void> forEachConcurrent(int most, AsyncConsumer<? super T> body) {
        String name = "forEachConcurrent";
        var bodies = new Concurrent<T, Void>(name, this, positive(most, name), false, requireNonNull(body));
        return new Terminal.Drained<>("end", bodies, _ -> {}, () -> Stage.<Void>cast(null), null);
    }

    @Override
    public final <R> Future<R> fold(R init, Plain.BiFunction<? super R, ? super T, ? extends R> function) {
        var folding = new Folding<T, R>(init, requireNonNull(function));
        return new Terminal.Drained<>("fold", this, folding, () -> Stage.cast(folding.so), null);
    }

    @Override
    public final <R> Future<R> foldAsync(R init, AsyncBiFunction<? super R, ? super T, ? extends R> function) {
        return new Each.Fold<>(this, init, requireNonNull(function));
    }

    @Override
    public final Future<Optional<T>> reduce(BinaryOperator<T> function) {
        var folding = new Folding<T, T>(Stage.NONE, function::apply);
        return new Terminal.Drained<>(
                "reduce",
                this,
                folding,
                () -> folding.so == Stage.NONE ? Optional.empty() : Optional.of(Stage.cast(folding.so)),
                folding::letGo);
    }

    @Override
    public final <A, R> Future<R> collect(Collector<? super T, A, R> collector) {
        var collecting = new Folding.Collecting<T, A>(requireNonNull(collector));
        return new Terminal.Drained<>(
                "collect", this, collecting, () -> collector.finisher().apply(collecting.container()), null);
    }

    @Override
    public final Future<List<T>> toList() {
        var all = new Folding.Listing<T>();
        return new Terminal.Drained<>("toList", this, all, all::told, all::letGo);
    }

    @Override
    public final Flow.Publisher<T> toPublisher(Spawner spawner) {
        AtomicBoolean given = new AtomicBoolean();
        return new Published<>(spawner, () -> {
            if (given.getAndSet(true)) {
                throw new IllegalStateException(this + " has a subscriber already; for many use AsyncStream.publisher");
            }
            return this;
        });
    }
}
