package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.world.World;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A run loop of one thread around a real {@link NioDriver}: polls what is woken, parks when nothing is, and counts. */
@SuppressWarnings("latent:async-close-outside-async") // Polled by hand: a close here is only a request.
final class NioTestLoop implements Spawner, AutoCloseable {
    /** Against a test that hangs; never waited for when all is well. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    final NioDriver driver = (NioDriver) NioDriver.open();
    final Context cx = new Context(this);
    World world = World.empty().with(Net.class, driver.net());
    int parks;

    private final Queue<Task<?>> ready = new ConcurrentLinkedQueue<>();

    /** A future with its owner, waker and outcome. */
    final class Task<T extends @Nullable Object> implements Waker {
        private final Future<T> future;
        private final AtomicBoolean queued = new AtomicBoolean();
        private @Nullable T value;
        private @Nullable Throwable failure;
        private boolean done;
        int polls;

        Task(Future<T> future) {
            this.future = future;
            Owners.claim(future, this);
        }

        @Override
        public void wake() {
            if (queued.compareAndSet(false, true)) {
                ready.add(this);
                driver.unpark();
            }
        }

        private void poll() {
            queued.set(false);
            if (done) {
                return;
            }
            polls++;
            cx.begin(this);
            try {
                if (Owners.poll(future, this, cx) instanceof Poll.Ready<T>(T result)) {
                    value = result;
                    done = true;
                }
            } catch (Throwable t) {
                failure = t;
                done = true;
            }
        }

        void drop() {
            Owners.drop(future, this);
            done = true;
        }

        boolean isDone() {
            return done;
        }

        T get() throws Exception {
            until(this::isDone);
            if (failure instanceof Exception e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            @SuppressWarnings("NullAway")
            T result = value;
            return result;
        }

        @Override
        public String toString() {
            return "task of " + future;
        }
    }

    <T extends @Nullable Object> Task<T> start(Future<T> future) {
        Task<T> task = new Task<>(future);
        task.wake();
        return task;
    }

    /** Drives everything until {@code future} is ready. */
    <T extends @Nullable Object> T run(Future<T> future) throws Exception {
        return start(future).get();
    }

    void until(BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (!pollReady()) {
                parks++;
                driver.park(deadline - System.nanoTime());
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("nothing happened for 30 s");
                }
            }
        }
    }

    /** Runs until nothing is ready, neither a task nor a socket. On the loopback interface what was sent has then arrived. */
    void settle() throws IOException {
        for (int idle = 0; idle < 3; ) {
            driver.park(0);
            idle = pollReady() ? 0 : idle + 1;
        }
    }

    private boolean pollReady() {
        Task<?> task = ready.poll();
        if (task == null) {
            return false;
        }
        for (; task != null; task = ready.poll()) {
            task.poll();
        }
        return true;
    }

    TcpListener listen() throws Exception {
        return run(TcpListener.bind("127.0.0.1", 0));
    }

    /** Both ends of a new connection, the connecting one first. */
    TcpStream[] pair(TcpListener listener) throws Exception {
        Task<TcpStream> accepted = start(listener.accept());
        TcpStream client =
                run(TcpStream.connect("127.0.0.1", listener.localAddress().getPort()));
        return new TcpStream[] {client, accepted.get()};
    }

    TcpStream[] pair() throws Exception {
        try (TcpListener listener = listen()) {
            return pair(listener);
        }
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException("this loop has start()");
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public void close() {
        driver.close();
    }

    @Override
    public String toString() {
        return "NioTestLoop";
    }
}
