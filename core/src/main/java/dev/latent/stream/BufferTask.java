package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#buffer(int, Spawner)}: a task reads the source and sends its values through a channel. It is spawned when somebody first asks for a value. The task's end
 * closes the channel, and what has become of the task stands behind what was sent.
 */
final class BufferTask<T> extends Linear<Object, T> {
    private final Spawner spawner;

    /** Null from the spawn on. */
    private @Nullable Pump<T> pump;

    private @Nullable JoinHandle<Void> task;

    BufferTask(AsyncStream<T> source, int most, Spawner spawner) {
        this(source, Channel.bounded(most, Stage::discard), spawner);
    }

    private BufferTask(AsyncStream<T> source, Channel<Object> channel, Spawner spawner) {
        super("buffer", AsyncStream.from(channel.receiver()));
        this.spawner = spawner;
        this.pump = new Pump<>(source, channel);
        Owners.claim(pump, this);
    }

    private void start() {
        Pump<T> first = pump;
        if (first != null) {
            pump = null;
            Owners.unclaim(first, this);
            try {
                task = spawner.spawn(first);
            } catch (Throwable t) {
                first.drop();
                throw t;
            }
            Owners.claim(task, this);
        }
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        start();
        Object value = source.advance(cx);
        if (value != END) {
            return value == NONE ? null : value;
        }
        JoinHandle<Void> ending = task;
        if (ending == null) {
            return END;
        }
        boolean waits = false;
        try {
            waits = Owners.pollRaw(ending, this, cx) == PENDING;
            return waits ? PENDING : END;
        } finally {
            if (!waits) {
                task = null;
            }
        }
    }

    /** The task is at work itself. */
    @Override
    void work(Context cx) {}

    /** The task first: what it is about to send is to find the channel open. */
    @Override
    boolean dispose(Context cx) {
        Future<?> reads = reads();
        if (reads != null) {
            if (!drop(reads, this, cx)) {
                return false;
            }
            forget();
        }
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        Future<?> reads = reads();
        if (reads != null) {
            drop(reads, this);
            forget();
        }
        source.disposeNow();
    }

    private @Nullable Future<?> reads() {
        return pump != null ? pump : task;
    }

    private void forget() {
        pump = null;
        task = null;
    }

    @Override
    void children(List<Future<?>> into) {
        Future<?> reads = reads();
        if (reads != null) {
            into.add(reads);
        }
        super.children(into);
    }

    /** The task. */
    private static final class Pump<T> extends Each<T, Void> {
        private final Channel<Object> channel;

        /** Of which it is not known that the channel has it. */
        private @Nullable Object unsent;

        Pump(AsyncStream<T> source, Channel<Object> channel) {
            super("buffer", source);
            this.channel = channel;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            boolean waits = false;
            try {
                Poll<Void> poll = super.pollOwned(cx);
                waits = !poll.isReady();
                return poll;
            } finally {
                if (!waits) {
                    closed();
                }
            }
        }

        @Override
        Future<?> call(@Nullable Object value) {
            Object message = value == null ? NONE : value;
            unsent = message;
            return channel.send(message);
        }

        @Override
        void took(@Nullable Object result) {
            unsent = null;
        }

        @Override
        Void result() {
            return Stage.cast(null);
        }

        @Override
        void dropped() {
            closed();
        }

        private void closed() {
            Object left = unsent;
            unsent = null;
            if (left != null) {
                Stage.discard(left);
            }
            channel.close();
        }
    }
}
