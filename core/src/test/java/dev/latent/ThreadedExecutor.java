package dev.latent;

import dev.latent.world.World;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The smallest executor over threads: a task runs while its count of wakes is above zero. */
final class ThreadedExecutor implements Spawner {
    private final Executor threads;

    ThreadedExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        Task<T> task = new Task<>(future);
        Owners.claim(future, task);
        task.wake();
        return task.handle;
    }

    <T> CompletableFuture<T> start(Future<? extends T> future) {
        return ((Handle<T>) this.<T>spawn(future)).task.outcome;
    }

    @Override
    public World world() {
        return World.empty();
    }

    private final class Task<T> implements Waker, Runnable {
        private final Future<? extends T> future;
        final CompletableFuture<T> outcome = new CompletableFuture<>();
        final Handle<T> handle = new Handle<>(this);
        private final AtomicInteger wakes = new AtomicInteger();
        volatile boolean cancelled;

        Task(Future<? extends T> future) {
            this.future = future;
        }

        @Override
        public void wake() {
            if (wakes.getAndIncrement() == 0) {
                execute();
            }
        }

        @Override
        @SuppressWarnings("unchecked")
        public void run() {
            int seen = wakes.get();
            if (!outcome.isDone()) {
                Context cx = new Context(ThreadedExecutor.this);
                cx.begin(this);
                try {
                    if (cancelled) {
                        if (Owners.pollDrop(future, this, cx).isReady()) {
                            outcome.completeExceptionally(new CancellationException());
                        }
                    } else if (Owners.poll((Future<T>) future, this, cx) instanceof Poll.Ready<T>(var value)) {
                        outcome.complete(value);
                    }
                } catch (Throwable t) {
                    outcome.completeExceptionally(t);
                }
            }
            if (wakes.addAndGet(-seen) != 0) {
                execute();
            }
        }

        private void execute() {
            try {
                threads.execute(this);
            } catch (RejectedExecutionException e) {
                // The test is over; a wake never throws.
            }
        }
    }

    private static final class Handle<T> extends OwnedFuture<T> implements JoinHandle<T> {
        private final ThreadedExecutor.Task<T> task;

        Handle(ThreadedExecutor.Task<T> task) {
            this.task = task;
        }

        @Override
        protected Poll<T> pollOwned(Context cx) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void dropOwned() {
            close();
        }

        @Override
        public Future<Void> cancel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> closeAsync() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            task.cancelled = true;
            task.wake();
        }

        @Override
        public void detach() {}

        @Override
        public boolean isFinished() {
            return task.outcome.isDone();
        }
    }
}
