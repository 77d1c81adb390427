package dev.latent.stream;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Next;
import dev.latent.NowOr;
import dev.latent.Source;
import dev.latent.Tuple2;
import dev.latent.internal.combine.CloseFuture;
import dev.latent.internal.combine.NextFuture;
import dev.latent.internal.combine.Outlet;
import dev.latent.internal.combine.WokenSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streams by name, merged, which come and go while their values are read; each value comes with the key of its stream.
 *
 * <p>They are polled in turns, and only when they were woken. A stream that has ended is removed. One that fails is removed too, and its failure thrown
 * by {@link #next}; the others go on. The end is told while there is none.
 *
 * <p><em>Cancel safety:</em> dropping {@code next()} loses nothing. Closing drops the streams, in the order in which they were put.
 *
 * <p><em>Memory effects:</em> belongs to one task; each poll of it happens-before the next.
 *
 * @param <K> the keys
 * @param <T> the values
 */
public final class StreamMap<K, T> implements Source<Tuple2<K, T>>, AsyncCloseable {
    private final Streams<K, T> streams = new Streams<>();

    private StreamMap() {}

    /** {@return an empty one} */
    public static <K, T> StreamMap<K, T> create() {
        return new StreamMap<>();
    }

    /**
     * Takes {@code stream} over.
     *
     * @throws IllegalStateException when there is one of that key, when the stream has another owner, or when this is closed
     */
    public void put(K key, AsyncStream<? extends T> stream) {
        streams.put(key, stream);
    }

    /** {@return the stream of that key, which goes on to be the caller's, to be read or closed; null: there was none} */
    public @Nullable AsyncStream<T> remove(K key) {
        return streams.remove(key);
    }

    /** {@return the keys of the streams that are in it now, in the order in which they were put} */
    public List<K> keys() {
        return List.copyOf(streams.byKey.keySet());
    }

    /** {@return how many streams are in it} */
    public int size() {
        return streams.byKey.size();
    }

    @Override
    @NowOr("nextNow")
    public Future<Next<Tuple2<K, T>>> next() {
        return new NextFuture<>(streams, false);
    }

    @Override
    public Future<Void> closeAsync() {
        return new CloseFuture(streams);
    }

    @Override
    public void close() {
        streams.closeNow();
    }

    @Override
    public String toString() {
        return streams.toString();
    }

    private static final class Streams<K, T> extends Outlet<Tuple2<K, T>> {
        final Map<K, Branch<K, T>> byKey = new LinkedHashMap<>();
        private final WokenSet<Branch<K, T>> branches = new WokenSet<>();

        void put(K key, AsyncStream<? extends T> stream) {
            requireOpen();
            Objects.requireNonNull(key);
            if (byKey.containsKey(key)) {
                throw new IllegalStateException("there is a stream of " + key + " already: remove it first");
            }
            Branch<K, T> branch = new Branch<>(key, Stage.drive(stream, this));
            try {
                byKey.put(key, branch);
            } catch (Throwable t) {
                Stage.giveBack(stream, this);
                throw t;
            }
            branches.add(branch);
            if (asker() != null) {
                branches.wakeParent();
            }
        }

        @Nullable
        AsyncStream<T> remove(K key) {
            Branch<K, T> branch = byKey.remove(key);
            if (branch == null) {
                return null;
            }
            branches.remove(branch);
            return branch.drive;
        }

        @Override
        protected @Nullable Object pullNew(Context cx) {
            while (branches.size() > 0) {
                Branch<K, T> branch = branches.next(cx);
                if (branch == null) {
                    return Stage.PENDING;
                }
                boolean more = false;
                try {
                    Object value = branch.take();
                    more = value != Stage.END;
                    if (more) {
                        branches.again(branch);
                        return new Tuple2<>(branch.key, Stage.<T>cast(value));
                    }
                } finally {
                    if (!more) {
                        remove(branch.key);
                    }
                }
            }
            return Stage.END;
        }

        @Override
        protected void letGo() {
            byKey.clear();
        }

        @Override
        protected boolean pollDrop(Context cx) {
            return branches.pollDrop(cx);
        }

        @Override
        protected void drop() {
            branches.drop();
        }

        @Override
        public void children(List<Future<?>> into) {
            branches.children(into);
        }

        @Override
        public String toString() {
            return "StreamMap of " + byKey.keySet();
        }
    }
}
