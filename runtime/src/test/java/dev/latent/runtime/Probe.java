package dev.latent.runtime;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A future that counts what is done to it, and notes what should never have been done. */
final class Probe implements Future<Object> {
    enum Result {
        VALUE,
        RESOURCE,
        /** A value that its future wants back. */
        OWED,
        FAILURE,
        ERROR
    }

    enum Cleanup {
        NONE,
        WAITS,
        FAILS
    }

    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    static final class Panic extends Error {
        private static final long serialVersionUID = 1L;

        Panic(String message) {
            super(message);
        }
    }

    static final class Resource implements AsyncCloseable {
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public Future<Void> closeAsync() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.getAndIncrement();
        }
    }

    final Result result;
    final Cleanup cleanup;
    final Resource resource = new Resource();
    final AtomicInteger polls = new AtomicInteger();
    final AtomicInteger dropPolls = new AtomicInteger();
    final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    volatile int selfWakes;
    volatile boolean released;
    volatile boolean cleanupReleased;
    volatile @Nullable Runnable inPoll;
    volatile @Nullable Waker waker;
    volatile @Nullable String wrong;
    private volatile boolean over;

    Probe(Result result, Cleanup cleanup) {
        this.result = result;
        this.cleanup = cleanup;
    }

    private void enter(String what) {
        if (inside.getAndIncrement() != 0) {
            wrong = what + " during a poll";
        }
        if (over) {
            wrong = what + " after the end";
        }
    }

    @Override
    public Poll<Object> poll(Context cx) {
        enter("poll");
        try {
            if (dropPolls.get() > 0) {
                wrong = "poll after a drop began";
            }
            polls.getAndIncrement();
            waker = cx.waker();
            if (selfWakes > 0) {
                selfWakes--;
                cx.waker().wake();
                cx.waker().wake();
            }
            Runnable action = inPoll;
            if (action != null) {
                inPoll = null;
                action.run();
            }
            if (!released) {
                return Poll.pending();
            }
            over = true;
            return switch (result) {
                case VALUE -> Poll.ready("value");
                case RESOURCE -> Poll.ready(resource);
                case OWED -> Poll.ready("owed");
                case FAILURE -> throw new Broken("failed");
                case ERROR -> throw new Panic("failed badly");
            };
        } finally {
            inside.getAndDecrement();
        }
    }

    @Override
    public void drop() {
        dropped.getAndIncrement();
        over = true;
    }

    @Override
    public Poll<Void> pollDrop(Context cx) {
        enter("pollDrop");
        try {
            dropPolls.getAndIncrement();
            waker = cx.waker();
            if (cleanup == Cleanup.WAITS && !cleanupReleased) {
                return Poll.pending();
            }
            over = true;
            dropped.getAndIncrement();
            if (cleanup == Cleanup.FAILS) {
                throw new Broken("cleanup failed");
            }
            return Poll.done();
        } finally {
            inside.getAndDecrement();
        }
    }

    /** {@return this, as it is to be spawned} */
    Future<Object> future() {
        return result == Result.OWED ? Futures.onUndelivered(this, _ -> resource.close()) : this;
    }

    void wake() {
        Waker w = waker;
        if (w != null) {
            w.wake();
        }
    }

    @Override
    public String toString() {
        return "probe " + result + " " + cleanup;
    }
}
