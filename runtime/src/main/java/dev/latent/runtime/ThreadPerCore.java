package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.scopeDo;

import dev.latent.AtomicWaker;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Scope;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.task.Task;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LocalExecutor} for each core, each on a thread of its own. A task stays on the core on which it began, so its futures need not be movable, and what
 * the tasks of one core share needs no lock. Whoever has more to do than others gets no help: for work that is uneven there is {@link WorkStealingExecutor}.
 *
 * {@snippet :
 * try (var perCore = ThreadPerCore.create()) {
 *     perCore.serve(9000, Chat::connection);
 * }
 * }
 *
 * <p>Futures are made where they run: what is handed over is a factory, called once on the core's thread. What it captures is shared with that thread.
 *
 * <pre>{@code
 *   OPEN ──1──▶ STOPPING ──2──▶ ended     1 close: each thread leaves its loop   2 each has closed its executor, cleanups included
 * }</pre>
 */
public final class ThreadPerCore implements AutoCloseable {
    private final Core[] cores;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);

    private ThreadPerCore(Builder builder) {
        cores = new Core[builder.threads];
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new Core(builder, builder.name + "-" + i);
        }
    }

    /** {@return one with a thread for each processor, over the system's world} */
    public static ThreadPerCore create() {
        return builder().build();
    }

    /** {@return one with {@code threads} threads over the system's world} */
    public static ThreadPerCore create(int threads) {
        return builder().threads(threads).build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** What may be chosen. The clock of its world must go as real time goes, since that is how its threads wait. */
    public static final class Builder extends ExecutorBuilder<Builder> {
        private int threads = Runtime.getRuntime().availableProcessors();

        private Builder() {
            super("latent-core");
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@inheritDoc}
         *
         * @throws IllegalArgumentException when there is no {@link Clock} in it; also when that is a {@link VirtualClock}
         */
        @Override
        public Builder world(World world) {
            if (world.clock() instanceof VirtualClock) {
                throw new IllegalArgumentException(
                        "a ThreadPerCore over a VirtualClock: its threads wait as real time goes,"
                                + " which moves no such clock; take a LocalExecutor with idle(clock::skipTo)");
            }
            return super.world(world);
        }

        /** As many as there are processors by default. */
        public Builder threads(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("an executor needs at least one thread, not " + threads);
            }
            this.threads = threads;
            return this;
        }

        /**
         * {@return the executors, running}
         *
         * @throws OutOfMemoryError when not all threads can be started; then none is left
         */
        public ThreadPerCore build() {
            ThreadPerCore all = new ThreadPerCore(this);
            try {
                for (Core core : all.cores) {
                    core.start();
                }
            } catch (Throwable t) {
                all.close();
                throw t;
            }
            return all;
        }
    }

    /** Runs its executor until it is told to stop, and closes it, on the thread that has polled all its tasks. */
    private static final class Core extends Thread {
        final LocalExecutor executor;
        private final AtomicWaker waker = new AtomicWaker();
        private volatile boolean stopping;

        Core(ThreadPerCore.Builder builder, String name) {
            super(name);
            LocalExecutor.Builder local =
                    LocalExecutor.builder().world(builder.world).name(name);
            local.closeTimeoutNanos = builder.closeTimeoutNanos;
            local.hook = builder.hook;
            local.opener = NioDriver::openSharing;
            executor = local.build();
            setDaemon(true);
        }

        /** A leaf without anything to lose; a new one for each time that a task interrupts this thread. */
        private Future<Void> told() {
            return Futures.pollFn(cx -> {
                waker.register(cx.waker());
                return stopping ? Poll.done() : Poll.pending();
            });
        }

        void tellToStop() {
            stopping = true;
            waker.wake();
        }

        @Override
        public void run() {
            while (!stopping) {
                try {
                    executor.blockOn(told());
                } catch (InterruptedException e) {
                    // A task's: the thread is nobody else's.
                } catch (Throwable t) { // the world's, or a hook's: not a reason to lose a core
                    Owners.report(executor, getName(), t);
                }
            }
            try {
                executor.close();
            } catch (Throwable t) {
                Owners.report(executor, "closing " + getName(), t);
            }
        }
    }

    // ---- tasks ------------------------------------------------------------------------------------------------------

    /** {@return how many cores there are; their numbers begin at 0} */
    public int cores() {
        return cores.length;
    }

    /**
     * Makes what {@code factory} makes, on a thread of one core after the other, a task of that core.
     *
     * @return the handle that owns the task; after a close that of a cancelled one
     */
    public <T> JoinHandle<T> spawn(Supplier<? extends Future<? extends T>> factory) {
        return spawnOn(Math.floorMod(next.getAndIncrement(), cores.length), factory);
    }

    /**
     * As {@link #spawn}, on a certain core.
     *
     * @throws IndexOutOfBoundsException when there is no such core
     */
    public <T> JoinHandle<T> spawnOn(int core, Supplier<? extends Future<? extends T>> factory) {
        return cores[Objects.checkIndex(core, cores.length)].executor.spawn(Futures.lazy(factory));
    }

    /**
     * As {@link #spawn}, and waits for it on this thread.
     *
     * @return the future's value
     * @throws InterruptedException when this thread is interrupted: the future has then been dropped and its cleanup has run
     * @throws IllegalStateException inside a poll
     * @throws Exception what the future threw
     */
    public <T> T blockOn(Supplier<? extends Future<? extends T>> factory) throws Exception {
        return waitFor(this.<T>spawn(factory), "blockOn");
    }

    private static <T> T waitFor(JoinHandle<T> handle, String what) throws Exception {
        RunLoop.checkMayBlock(what);
        Task<T> task = (Task<T>) handle;
        Blocking.await(task, what, () -> null);
        return task.result();
    }

    // ---- a server ---------------------------------------------------------------------------------------------------

    /**
     * Serves connections to {@code port} until this thread is interrupted, or another closes this; see {@link #listen}.
     *
     * @throws InterruptedException when this thread is interrupted; the server then goes on until the close
     * @throws IllegalStateException inside a poll
     * @throws Exception what kept it from listening
     */
    public void serve(int port, Function<? super TcpStream, ? extends Future<?>> handler) throws Exception {
        RunLoop.checkMayBlock("ThreadPerCore.serve");
        listen("0.0.0.0", port, handler);
        closing.await();
    }

    /**
     * Listens on every core, and serves each connection by what {@code handler} makes of it, on the core that has accepted it. Where the system
     * can't share a port between listeners, only the first core listens. A connection is closed when its handler has ended; a handler's failure
     * goes to the {@link dev.latent.world.FailureHandler}, and the others go on.
     *
     * @param port 0 picks a free one
     * @return where it listens, until this is closed
     * @throws IllegalStateException inside a poll
     * @throws Exception what kept it from listening
     */
    public InetSocketAddress listen(String host, int port, Function<? super TcpStream, ? extends Future<?>> handler)
            throws Exception {
        TcpListener[] listeners = new TcpListener[NioDriver.canSharePorts() ? cores.length : 1];
        int bound = 0;
        try {
            InetSocketAddress at = null;
            for (; bound < listeners.length; bound++) {
                int p = at == null ? port : at.getPort();
                TcpListener listener = waitFor(
                        this.<TcpListener>spawnOn(bound, () -> TcpListener.bind(host, p)), "ThreadPerCore.listen");
                listeners[bound] = listener;
                at = at == null ? listener.localAddress() : at;
            }
            for (int i = 0; i < listeners.length; i++) {
                TcpListener listener = listeners[i];
                spawnOn(i, () -> acceptAll(listener, handler)).detach();
            }
            return Objects.requireNonNull(at);
        } catch (Throwable t) {
            for (int i = 0; i < bound; i++) {
                listeners[i].close();
            }
            throw t;
        }
    }

    private static Future<Void> acceptAll(
            TcpListener listener, Function<? super TcpStream, ? extends Future<?>> handler) {
        return scopeDo(Scope.OnFailure.REPORT, clients -> {
            try (listener) {
                while (true) {
                    clients.spawnLocal(served(await(listener.accept()), handler));
                }
            }
        });
    }

    private static Future<Void> served(TcpStream client, Function<? super TcpStream, ? extends Future<?>> handler) {
        return async(() -> {
            try (client) {
                await(handler.apply(client));
            }
        });
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /**
     * Cancels all tasks and waits until their cleanup has ended, for {@link ExecutorBuilder#closeTimeout} at most; what is left then is dropped and
     * reported. From now on a spawn gives an already cancelled handle.
     *
     * @throws IllegalStateException inside a poll
     */
    @Override
    public void close() {
        RunLoop.checkMayBlock("ThreadPerCore.close");
        closing.countDown();
        boolean interrupted = false;
        for (Core core : cores) {
            core.tellToStop();
        }
        for (Core core : cores) {
            if (core.getState() == Thread.State.NEW) {
                core.executor.close(); // it was never started
            }
            while (core.isAlive()) {
                try {
                    core.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the executor of a core, to be looked at by {@link dev.latent.runtime.inspect.Tasks}} Null: there is no such core. */
    @Nullable
    LocalExecutor executor(int core) {
        return core < cores.length ? cores[core].executor : null;
    }

    @Override
    public String toString() {
        return "ThreadPerCore of " + cores.length;
    }
}
