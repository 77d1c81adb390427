package dev.latent.compiler.generated;

import dev.latent.First;
import dev.latent.Never;
import dev.latent.OneOf2;
import dev.latent.Second;
import dev.latent.Timed;
import dev.latent.Tuple2;
import dev.latent.Tuple3;
import dev.latent.compiler.generated.PlainAsync.Future;
import dev.latent.compiler.generated.PlainWorld.Dropped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What runs at the same time, as the design has it: in each round the children that have not ended go on, in order, each to where it
 * suspends; those that are dropped go on in order too, and whoever has dropped them waits for the last.
 */
@SuppressWarnings("unchecked")
public final class PlainTogether {
    private final PlainWorld world;

    PlainTogether(PlainWorld world) {
        this.world = world;
    }

    /** {@return both} */
    public <A, B> Future<Tuple2<A, B>> join(Future<? extends A> a, Future<? extends B> b) {
        return of(
                () -> {
                    List<Object> values = all(a, b);
                    return new Tuple2<>((A) values.get(0), (B) values.get(1));
                },
                a,
                b);
    }

    /** {@return all three} */
    public <A, B, C> Future<Tuple3<A, B, C>> join(Future<? extends A> a, Future<? extends B> b, Future<? extends C> c) {
        return of(
                () -> {
                    List<Object> values = all(a, b, c);
                    return new Tuple3<>((A) values.get(0), (B) values.get(1), (C) values.get(2));
                },
                a,
                b,
                c);
    }

    /** {@return all of them} */
    public <T> Future<List<T>> join(Collection<? extends Future<? extends T>> futures) {
        Future<?>[] all = futures.toArray(Future<?>[]::new);
        return of(() -> (List<T>) all(all), all);
    }

    /** {@return the first; each round begins with the next} */
    public <A, B> Future<OneOf2<A, B, Never, Never>> select(Future<? extends A> a, Future<? extends B> b) {
        return of(() -> first(false, a, b), a, b);
    }

    /** {@return the first, in order} */
    public <A, B> Future<OneOf2<A, B, Never, Never>> selectBiased(Future<? extends A> a, Future<? extends B> b) {
        return of(() -> first(true, a, b), a, b);
    }

    /** {@return in time if it ends before its round of that number is over} */
    public <T> Future<Timed<T>> withTimeout(int rounds, Future<? extends T> f) {
        return of(
                () -> {
                    Strand[] child = strands(f);
                    for (int round = 0; !child[0].step(); round++) {
                        if (round >= rounds) {
                            end(child, false);
                            return new Timed.TooLate<>();
                        }
                        wait(child);
                    }
                    return new Timed.InTime<>((T) value(child[0]));
                },
                f);
    }

    /** {@return a future that a select only borrows} */
    public <T> Pinned<T> pin(Future<? extends T> f) {
        return new Pinned<>(world, new Strand(world, f));
    }

    /** See {@link #pin}. */
    public static final class Pinned<T> implements Future<T>, AutoCloseable {
        private final PlainWorld world;
        private final Strand strand;

        private Pinned(PlainWorld world, Strand strand) {
            this.world = world;
            this.strand = strand;
            strand.pinned = true;
        }

        @Override
        public T run() {
            throw new UnsupportedOperationException("only to be selected");
        }

        @Override
        public void close() {
            boolean ok = false;
            world.enter();
            try {
                while (!strand.drop()) {
                    world.strand.suspend();
                }
                ok = true;
            } finally {
                world.exit(ok);
            }
        }
    }

    /** {@return a future with many awaiters}, each of which lets it go on. */
    public <T> Future<T> shared(Future<? extends T> f) {
        Strand inner = new Strand(world, f);
        int[] awaiters = {0};
        return () -> {
            awaiters[0]++;
            while (!inner.step()) {
                if (world.strand.suspend()) {
                    awaiters[0]--;
                    while (awaiters[0] == 0 && !inner.drop()) {
                        world.strand.pause();
                    }
                    throw new Dropped();
                }
            }
            awaiters[0]--;
            return (T) value(inner);
        };
    }

    private List<Object> all(Future<?>... futures) {
        Strand[] children = strands(futures);
        while (true) {
            boolean ended = true;
            for (Strand child : children) {
                ended &= child.step();
                if (child.failure != null) {
                    end(children, false);
                    value(child);
                }
            }
            if (ended) {
                return new ArrayList<>(Stream.of(children).map(c -> c.value).toList());
            }
            wait(children);
        }
    }

    private <A, B> OneOf2<A, B, Never, Never> first(boolean biased, Future<?>... futures) {
        Strand[] children = strands(futures);
        for (int round = 0; ; round++) {
            for (int k = 0; k < children.length; k++) {
                int at = biased ? k : (round + k) % children.length;
                if (children[at].step()) {
                    end(children, false);
                    Object value = value(children[at]);
                    return at == 0 ? new First<>((A) value) : new Second<>((B) value);
                }
            }
            wait(children);
        }
    }

    private static Object value(Strand ended) {
        if (ended.failure != null) {
            throw PlainWorld.<RuntimeException>sneaky(ended.failure);
        }
        return ended.value;
    }

    private Strand[] strands(Future<?>... futures) {
        return Stream.of(futures)
                .map(f -> f instanceof Pinned<?> p ? p.strand : new Strand(world, f))
                .toArray(Strand[]::new);
    }

    private void wait(Strand... children) {
        if (world.strand.suspend()) {
            end(children, true);
        }
    }

    /** Drops what has not ended, and goes on when it has, unless a drop has arrived here too. */
    private void end(Strand[] children, boolean dropped) {
        boolean arrived = dropped;
        while (!drop(children)) {
            arrived |= world.strand.suspend();
        }
        if (arrived) {
            throw new Dropped();
        }
    }

    private static boolean drop(Strand... children) {
        boolean ended = true;
        for (Strand child : children) {
            ended &= child.pinned || child.ended || child.drop();
        }
        return ended;
    }

    private static <T> Future<T> of(Callable<T> run, Future<?>... children) {
        return new Future<>() {
            @Override
            public T run() throws Exception {
                return run.call();
            }

            @Override
            public void drop() {
                for (Future<?> child : children) {
                    child.drop();
                }
            }
        };
    }
}
