package dev.latent.compiler.generated;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.FailureHandler;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where a woven program runs: polled by hand, dropped at the n-th suspension. */
public abstract class WovenWorld extends World implements Spawner {
    private final Context cx = new Context(this);
    private final Deque<dev.latent.Future<?>> spawned = new ArrayDeque<>();

    /** {@return the program} */
    public abstract Future<Object> main();

    /** {@return the outcome, {@code dropped} after a drop at the {@code dropAt}-th suspension} */
    final String run(int dropAt, int depth, boolean withContext) {
        Future<Object> f = depth == 0 ? main() : deep(depth);
        try {
            for (int suspensions = 1; ; suspensions++) {
                cx.begin(Waker.noop());
                if (f.poll(cx) instanceof Poll.Ready<Object>(var value)) {
                    return "value " + show(value);
                }
                if (suspensions == dropAt) {
                    drop(f, withContext);
                    return "dropped";
                }
            }
        } catch (Throwable t) {
            return describe(t);
        }
    }

    private void drop(Future<Object> f, boolean withContext) throws Exception {
        if (withContext) {
            while (!f.pollDrop(cx).isReady()) {
                cx.begin(Waker.noop());
            }
            return;
        }
        f.drop();
        while (!spawned.isEmpty()) {
            Future<?> next = spawned.remove();
            do {
                cx.begin(Waker.noop());
            } while (!next.poll(cx).isReady());
        }
    }

    private Future<Object> deep(int depth) {
        return Async.async(() -> depth == 0 ? Async.await(main()) : Async.await(deep(depth - 1)));
    }

    /** Ready after a number of polls. */
    final class Leaf<T> implements Future<T> {
        private final T value;
        private final Exception failure;
        private int pendings;

        Leaf(T value, Exception failure, int pendings) {
            this.value = value;
            this.failure = failure;
            this.pendings = pendings;
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            if (pendings-- > 0) {
                return Poll.pending();
            }
            if (failure != null) {
                throw failure;
            }
            return Poll.ready(value);
        }

        @Override
        public void drop() {
            log("drop leaf");
        }
    }

    /** A future by hand between two frames. */
    private record Wrapped<T>(Future<T> inner) implements Future<T> {
        Wrapped {
            Owners.claim(inner, "wrapped");
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            return Owners.poll(inner, "wrapped", cx);
        }

        @Override
        public void drop() {
            Owners.drop(inner, "wrapped");
        }

        @Override
        public Poll<Void> pollDrop(Context cx) {
            return Owners.pollDrop(inner, "wrapped", cx);
        }
    }

    protected final <T> Future<T> leaf(T value, int pendings) {
        return new Leaf<>(value, null, pendings);
    }

    protected final <T> Future<T> fail(Exception failure, T value, int pendings) {
        return new Leaf<>(value, failure, pendings);
    }

    protected final <T> Future<T> wrap(Future<T> f) {
        return new Wrapped<>(f);
    }

    /** A resource whose closing waits. */
    public static final class ARes implements AsyncCloseable {
        private final WovenWorld world;
        private final String name;
        private final int pendings;
        private final Exception failure;

        /** Opens. */
        public ARes(WovenWorld world, String name, int pendings, Exception failure) {
            this.world = world;
            this.name = name;
            this.pendings = pendings;
            this.failure = failure;
            world.log("open " + name);
        }

        @Override
        public Future<Void> closeAsync() {
            return Async.async(() -> {
                world.log("closing " + name);
                Async.await(world.fail(failure, null, pendings));
                world.log("closed " + name);
            });
        }

        @Override
        public void close() {
            world.log("WRONG close " + name);
        }
    }

    protected final ARes ares(String name, int pendings, Exception failure) {
        return new ARes(this, name, pendings, failure);
    }

    @Override
    public final <T> JoinHandle<T> spawn(Future<? extends T> future) {
        spawned.add(future);
        return new Detached<>();
    }

    @Override
    public final <C> C capability(Class<C> type) {
        return type == FailureHandler.class ? type.cast((FailureHandler) (where, failure) -> {}) : null;
    }

    private static final class Detached<T> implements JoinHandle<T> {
        @Override
        public Poll<T> poll(Context cx) {
            return Poll.pending();
        }

        @Override
        public void drop() {}

        @Override
        public Future<Void> closeAsync() {
            throw new IllegalStateException();
        }

        @Override
        public Future<Void> cancel() {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}

        @Override
        public void detach() {}

        @Override
        public boolean isFinished() {
            return false;
        }
    }
}
