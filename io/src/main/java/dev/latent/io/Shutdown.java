package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.pin;
import static dev.latent.Async.select;
import static dev.latent.Async.selectBiased;
import static dev.latent.Async.withTimeout;

import dev.latent.AsyncConsumer;
import dev.latent.Context;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Never;
import dev.latent.OneOf2;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Pinned;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Second;
import dev.latent.Spawner;
import dev.latent.Timed;
import dev.latent.sync.CancellationToken;
import dev.latent.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a service, in good order: it is asked to stop, by a signal mostly; accepts no more; what is under way has a while to end; the rest is dropped,
 * cleanup included, and told by name.
 *
 * {@snippet :
 * var report = await(Shutdown.on(Signal.INT, Signal.TERM).within(ofSeconds(10)).run(stop -> {
 *     try (var listener = await(TcpListener.bind("0.0.0.0", 9000))) {
 *         while (await(stop.untilAsked(listener.accept())) instanceof First(var client)) {
 *             stop.spawn("client " + client.remoteAddress(), serve(client));
 *         }
 *     }
 * }));
 * IO.println(report);
 * }
 *
 * <p>The body sees to it that no more is accepted, and may take leave of others: whoever is asked has the whole time, the body too. A second signal, or a second
 * {@link #ask}, ends the time at once. What is dropped has five seconds for cleanup that waits.
 *
 * <p>Two goals compete: nobody loses what was promised, and the process ends when it was told to. So there is always a bound, and who runs into it is named.
 *
 * <p>Thread-safe, but for {@link #run}, which is for one task, once.
 */
public final class Shutdown {
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** For what is dropped and has to wait in its cleanup. */
    private static final Duration CLEANUP = Duration.ofSeconds(5);

    private final Signal[] signals;
    private final Duration bound;
    private final CancellationToken asked = CancellationToken.create();
    private final CancellationToken hurried = CancellationToken.create();

    /** Who is at work; entered under the monitor, left outside of it. */
    private final WaitGroup busy = WaitGroup.create();

    // Under the monitor of this.

    /** In the order in which they came. */
    private final Set<Work> working = new LinkedHashSet<>();

    private @Nullable Spawner spawner;

    private boolean endsWhenIdle;

    /** Nothing begins any more: all have ended, or are being dropped. */
    private boolean over;

    private @Nullable String reason;

    private Shutdown(Duration bound, Signal... signals) {
        this.bound = bound;
        this.signals = signals;
    }

    /** {@return a shutdown that these signals ask for, as {@link #ask} does} Without any, only that does. What is under way has ten seconds. */
    public static Shutdown on(Signal... signals) {
        return new Shutdown(BOUND, signals.clone());
    }

    /**
     * {@return the same, with another bound for what is under way}
     *
     * @throws IllegalArgumentException when it is negative
     * @throws IllegalStateException when this runs, or has been asked
     */
    public Shutdown within(Duration newBound) {
        if (newBound.isNegative()) {
            throw new IllegalArgumentException("a bound of " + newBound);
        }
        synchronized (this) {
            if (spawner != null || reason != null) {
                throw new IllegalStateException(this + " has begun");
            }
        }
        return new Shutdown(newBound, signals);
    }

    /**
     * How a service has ended.
     *
     * @param reason who asked: a signal's name, what {@link #ask} was given, or that the body had ended
     * @param dropped who was still at work when the time was over, by name, in the order in which they came
     * @param left who of those was still in its cleanup five seconds later; it goes on while the executor lives
     */
    public record Report(String reason, List<String> dropped, List<String> left) {
        /** {@return whether all have ended in time} */
        public boolean isClean() {
            return dropped.isEmpty();
        }

        /** {@return it in one line, for a person} */
        @Override
        public String toString() {
            if (isClean()) {
                return reason + ": all have ended";
            }
            return reason + ": dropped as the time was over: " + String.join(", ", dropped)
                    + (left.isEmpty() ? "" : "; not yet cleaned up: " + String.join(", ", left));
        }
    }

    /**
     * {@return a future that runs {@code body}, a service, until it has ended and all that it has spawned here has, or this is asked for and the time is over}
     *
     * <p><em>Cancel safety:</em> dropped, it drops the body and all that was spawned here.
     *
     * <p><em>Throws</em> what the body throws, when all is dropped; and as {@link Signals#listen}, before the body has begun.
     *
     * @throws dev.latent.NotWovenException when the body was compiled without Latent's weaver
     */
    public Future<Report> run(AsyncConsumer<? super Shutdown> body) {
        Future<Void> service = Owners.call(body, this);
        return async(() -> {
            begin(context().spawner());
            if (signals.length == 0) {
                return await(served(service));
            }
            if (await(selectBiased(listening(), served(service))) instanceof Second(var report)) {
                return report;
            }
            throw new IllegalStateException("the signals have ended");
        });
    }

    private synchronized void begin(Spawner here) {
        if (spawner != null) {
            throw new IllegalStateException(this + " runs already, or has run");
        }
        spawner = here;
    }

    private Future<Void> listening() {
        return Signals.of(signals).forEach(signal -> ask(signal.toString()));
    }

    private Future<Report> served(Future<Void> service) {
        return async(() -> {
            Pinned<Void> serving = pin(service);
            boolean isOver = false;
            try {
                boolean isEnded = await(select(serving, asked.cancelled())) instanceof First;
                note("the service has ended");
                if (await(withTimeout(bound, hurried.runUntilCancelled(rest(serving, isEnded))))
                                instanceof Timed.InTime<? extends OneOf2<?, Void, Never, Never>>(var end)
                        && end instanceof First) {
                    isOver = true;
                    return new Report(reason(), List.of(), List.of());
                }
                List<String> dropped = names(service);
                isOver = true;
                boolean isClean = await(withTimeout(CLEANUP, dropAll(serving))) instanceof Timed.InTime;
                return new Report(reason(), dropped, isClean ? List.of() : names(service));
            } finally {
                if (!isOver) {
                    await(withTimeout(CLEANUP, dropAll(serving)));
                }
            }
        });
    }

    /** {@return a future that is ready when the service has ended, and all that it has spawned} From then on nothing begins. */
    private Future<Void> rest(Pinned<Void> serving, boolean isEnded) {
        return async(() -> {
            if (!isEnded) {
                await(serving);
            }
            endWhenIdle();
            await(busy.ended());
        });
    }

    private synchronized void endWhenIdle() {
        endsWhenIdle = true;
        over |= working.isEmpty();
    }

    /** {@return a future that cancels all tasks and drops the service, and is ready when they have ended} From now on none begins. */
    private Future<Void> dropAll(Pinned<Void> serving) {
        return async(() -> {
            endsNow().forEach(JoinHandle::close);
            await(join(serving.closeAsync(), busy.ended()));
        });
    }

    /** {@return the tasks that are left} One that is being spawned is closed by who spawns it. */
    private synchronized List<JoinHandle<Void>> endsNow() {
        over = true;
        List<JoinHandle<Void>> running = new ArrayList<>();
        for (Work work : working) {
            if (work.handle != null) {
                running.add(work.handle);
            }
        }
        return running;
    }

    private synchronized String reason() {
        return String.valueOf(reason);
    }

    private synchronized List<String> names(Future<Void> service) {
        List<String> names = new ArrayList<>();
        if (!Owners.isEnded(service)) {
            names.add("the service itself");
        }
        working.forEach(work -> names.add(work.name));
        return List.copyOf(names);
    }

    // ---- for the service --------------------------------------------------------------------------------------------

    /**
     * Asks for the end. Once it was asked for, nobody has any more time.
     *
     * @param why for the {@link Report}, if it is the first to ask
     */
    public void ask(String why) {
        if (!note(why)) {
            hurried.cancel();
        }
    }

    /** {@return whether it is the first} */
    private boolean note(String why) {
        synchronized (this) {
            if (reason != null) {
                return false;
            }
            reason = why;
        }
        asked.cancel();
        return true;
    }

    /** {@return whether it was asked for} */
    public boolean isAsked() {
        return asked.isCancelled();
    }

    /**
     * {@return a future that is ready once it was asked for}
     *
     * <p><em>Cancel safety:</em> nothing to lose; it stays true.
     */
    public Future<Void> asked() {
        return asked.cancelled();
    }

    /**
     * {@return a future of {@code future}'s value, as {@link First}, or of {@link Second} once this was asked for; then {@code future} has been dropped}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public <T> Future<OneOf2<T, Void, Never, Never>> untilAsked(Future<? extends T> future) {
        return asked.runUntilCancelled(future);
    }

    /**
     * Makes {@code work} a task of the executor that runs this, which the end waits for and, if need be, drops. Its failure is reported, and concerns nobody
     * else. Once all have ended, or the time is over, it is dropped at once.
     *
     * @param name by which a person knows it
     * @throws IllegalStateException when this does not run
     */
    public void spawn(String name, Future<?> work) {
        Spawner here = runningOn();
        Work task = new Work(name, work, here);
        if (task.begins()) {
            JoinHandle<Void> handle;
            try {
                handle = here.spawn(task);
            } catch (Throwable t) {
                Owners.unclaim(work, task);
                task.ended();
                throw t;
            }
            task.runsAs(handle);
        } else {
            task.drop();
        }
    }

    private synchronized Spawner runningOn() {
        if (spawner == null) {
            throw new IllegalStateException(this + " does not run, so it has no executor to spawn on");
        }
        return spawner;
    }

    /** What a task of this does: it fails never, and is known by its name from its begin to its end. */
    private final class Work extends OwnedFuture<Void> {
        final String name;
        private final Future<?> work;
        private final Spawner here;

        /** The next two under the monitor of the shutdown; null before it has begun and after its end. */
        @Nullable
        JoinHandle<Void> handle;

        private @Nullable Releasable pass;

        Work(String name, Future<?> work, Spawner here) {
            this.name = name;
            this.work = work;
            this.here = here;
            Owners.claim(work, this);
        }

        /** {@return whether it is not too late for it} */
        boolean begins() {
            synchronized (Shutdown.this) {
                if (!over) {
                    pass = busy.enter();
                    working.add(this);
                }
                return !over;
            }
        }

        void runsAs(JoinHandle<Void> itsHandle) {
            boolean hasEnded;
            synchronized (Shutdown.this) {
                hasEnded = pass == null;
                if (!hasEnded) {
                    handle = itsHandle;
                    if (!over) {
                        return;
                    }
                }
            }
            if (hasEnded) {
                itsHandle.detach();
            } else {
                itsHandle.close();
            }
        }

        void ended() {
            JoinHandle<Void> itsHandle;
            Releasable left;
            synchronized (Shutdown.this) {
                working.remove(this);
                over |= endsWhenIdle && working.isEmpty();
                itsHandle = handle;
                left = pass;
                handle = null;
                pass = null;
            }
            if (itsHandle != null) {
                itsHandle.detach();
            }
            if (left != null) {
                left.close();
            }
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            try {
                if (!Owners.poll(work, this, cx).isReady()) {
                    return Poll.pending();
                }
            } catch (Throwable t) {
                Owners.report(here, name, t);
            }
            ended();
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            try {
                Owners.drop(work, this);
            } finally {
                ended();
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            boolean waits = false;
            try {
                Poll<Void> poll = Owners.pollDrop(work, this, cx);
                waits = !poll.isReady();
                return poll;
            } finally {
                if (!waits) {
                    ended();
                }
            }
        }

        @Override
        protected List<? extends Future<?>> children() {
            return List.of(work);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    public String toString() {
        return "Shutdown on "
                + (signals.length == 0 ? "request" : List.of(signals).toString());
    }
}
