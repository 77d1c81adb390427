package dev.latent.compiler.generated;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Never;
import dev.latent.OneOf2;
import dev.latent.Pinned;
import dev.latent.Shared;
import dev.latent.Timed;
import dev.latent.Tuple2;
import dev.latent.Tuple3;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What {@link PlainTogether} is the model of. */
public final class WovenTogether {
    static final WovenTogether ALL = new WovenTogether();

    private WovenTogether() {}

    /** {@return both} */
    public <A, B> Future<Tuple2<A, B>> join(Future<? extends A> a, Future<? extends B> b) {
        return Async.join(a, b);
    }

    /** {@return all three} */
    public <A, B, C> Future<Tuple3<A, B, C>> join(Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
        return Async.join(a, b, c);
    }

    /** {@return all of them} */
    public <T> Future<List<T>> join(Collection<? extends Future<? extends T>> futures) {
        return Async.join(futures);
    }

    /** {@return the first} */
    public <A, B> Future<OneOf2<A, B, Never, Never>> select(Future<? extends A> a, Future<? extends B> b) {
        return Async.select(a, b);
    }

    /** {@return the first, in order} */
    public <A, B> Future<OneOf2<A, B, Never, Never>> selectBiased(Future<? extends A> a, Future<? extends B> b) {
        return Async.selectBiased(a, b);
    }

    /** {@return in time, or too late} */
    public <T> Future<Timed<T>> withTimeout(int polls, Future<? extends T> f) {
        return Async.withTimeout(Duration.ofNanos(polls), f);
    }

    /** {@return a future that a select only borrows} */
    public <T> Pinned<T> pin(Future<? extends T> f) {
        return Async.pin(f);
    }

    /** {@return a future with many awaiters} */
    public <T> Shared<T> shared(Future<? extends T> f) {
        return Futures.shared(f);
    }
}
