package dev.latent.tongues;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.world.FailureHandler;
import java.util.ArrayList;
import java.util.List;

/** What the shapes wait for, and a trace of what they did, whether they are run woven or as the plain code that they were compiled to. */
public final class World implements Spawner {
    final List<String> trace = new ArrayList<>();

    /** How often each wait is pending before it is over. */
    private final int pends;

    /** The number of the wait that is never over, and at which the shape is dropped; none if negative. */
    private final int end;

    private int waits;
    private boolean atEnd;

    World(int pends, int end) {
        this.pends = pends;
        this.end = end;
    }

    /** Adds to the trace. */
    public void log(Object what) {
        trace.add(String.valueOf(what));
    }

    /** {@return a wait for {@code value}} */
    public <T> Future<T> later(T value) {
        return new Wait<>(value, false);
    }

    /** {@return a wait for {@code value} in a cleanup, which a drop does not interrupt} */
    public <T> Future<T> closing(T value) {
        return new Wait<>(value, true);
    }

    /** {@return a resource that tells when it is closed} */
    public AutoCloseable resource(String name) {
        log("open " + name);
        return () -> log("close " + name);
    }

    /** {@return how many waits a drop may come at, that have begun} */
    int waits() {
        return waits;
    }

    boolean isAtEnd() {
        return atEnd;
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException();
    }

    @Override
    public dev.latent.world.World world() {
        return dev.latent.world.World.empty().with(FailureHandler.class, (where, e) -> log("unhandled " + e));
    }

    /** In the plain code a drop is an exception that nobody catches. */
    static final class Dropped extends Error {
        private static final long serialVersionUID = 1L;
    }

    final class Wait<T> implements Future<T> {
        private final T value;
        private final boolean inCleanup;
        private int polls;
        private boolean begun;
        private boolean isEnd;

        private Wait(T value, boolean inCleanup) {
            this.value = value;
            this.inCleanup = inCleanup;
        }

        @Override
        public Poll<T> poll(Context cx) {
            begin();
            if (isEnd || polls++ < pends) {
                return Poll.pending();
            }
            log("awaited " + value);
            return Poll.ready(value);
        }

        /** {@return the value, or throws, as the plain code waits} */
        T get() {
            begin();
            if (isEnd) {
                drop();
                throw new Dropped();
            }
            log("awaited " + value);
            return value;
        }

        private void begin() {
            if (!begun && !inCleanup) {
                begun = true;
                isEnd = waits++ == end;
                atEnd |= isEnd;
            }
        }

        @Override
        public void drop() {
            log("dropped " + value);
        }
    }
}
