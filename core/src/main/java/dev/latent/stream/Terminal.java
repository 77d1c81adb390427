package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations that take all that a stream has. They own it: dropped, they drop it. */
abstract class Terminal<T, R> extends OwnedFuture<R> {
    final Drive<T> source;
    private final String name;

    Terminal(String name, AsyncStream<? extends T> source) {
        this.name = name;
        this.source = Stage.drive(source, this);
    }

    @Override
    protected boolean isBeingPolled() {
        return source.isRunning();
    }

    @Override
    protected List<Future<?>> children() {
        List<Future<?>> all = new ArrayList<>();
        source.children(all);
        return all;
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (!source.dispose(cx)) {
            return Poll.pending();
        }
        dropped();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        source.disposeNow();
        dropped();
    }

    /** This was dropped, and the source is closed. */
    void dropped() {}

    @Override
    public String toString() {
        return source == null ? name : name + " of " + source; // null: it is about to take it
    }

    /** What takes them one after the other, and then has a result. */
    @FunctionalInterface
    interface Result<R> {
        R get() throws Exception;
    }

    /** All plain ones. */
    static final class Drained<T, R> extends Terminal<T, R> {
        private final Drive.Sink<? super T> sink;
        private final Result<? extends R> result;
        private final @Nullable Runnable letGo;

        Drained(
                String name,
                AsyncStream<T> source,
                Drive.Sink<? super T> sink,
                Result<? extends R> result,
                @Nullable Runnable letGo) {
            super(name, source);
            this.sink = sink;
            this.result = result;
            this.letGo = letGo;
        }

        @Override
        protected Poll<R> pollOwned(Context cx) throws Exception {
            try {
                return source.drain(cx, sink) == Stage.PENDING ? Poll.pending() : Poll.ready(result.get());
            } catch (Throwable t) {
                if (!source.isRunning()) {
                    letSoFarGo();
                }
                throw t;
            }
        }

        @Override
        protected void undelivered(R value) {
            if (letGo != null) {
                letGo.run();
            } else {
                super.undelivered(value);
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            letSoFarGo();
            return super.pollDropOwned(cx);
        }

        @Override
        protected void dropOwned() {
            letSoFarGo();
            super.dropOwned();
        }

        private void letSoFarGo() {
            if (letGo != null) {
                letGo.run();
            }
        }
    }
}
