package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.List;

/** Polls by hand: a context without any executor behind it, and a trace of all that happened. */
final class Drive implements TaskHome {
    final Context cx = new Context(this);
    final List<String> trace = new ArrayList<>();
    final List<Throwable> unhandled = new ArrayList<>();
    final List<SpawnedTask<?>> spawned = new ArrayList<>();

    void log(String what) {
        trace.add(what);
    }

    <T> Poll<T> poll(Future<T> f) throws Exception {
        cx.begin(Waker.noop());
        return f.poll(cx);
    }

    Poll<Void> pollDrop(Future<?> f) {
        cx.begin(Waker.noop());
        return f.pollDrop(cx);
    }

    <T> T run(Future<T> f) throws Exception {
        for (int polls = 0; polls < 10_000_000; polls++) {
            if (poll(f) instanceof Poll.Ready<T>(var value)) {
                return value;
            }
        }
        throw new AssertionError("still pending: " + f);
    }

    /** Ready once opened; tells of its polls and drops. */
    final class Gate implements Future<String> {
        private final String name;
        private int closedPolls;
        private Exception failure;
        int polls;
        int drops;

        Gate(String name, int closedPolls) {
            this.name = name;
            this.closedPolls = closedPolls;
        }

        Gate failing(Exception e) {
            failure = e;
            return this;
        }

        void open() {
            closedPolls = 0;
        }

        @Override
        public Poll<String> poll(Context cx) throws Exception {
            polls++;
            if (closedPolls-- > 0) {
                return Poll.pending();
            }
            if (failure != null) {
                throw failure;
            }
            return Poll.ready(name);
        }

        @Override
        public void drop() {
            drops++;
            log("drop " + name);
        }

        @Override
        public String toString() {
            return "gate " + name;
        }
    }

    Gate open(String name) {
        return new Gate(name, 0);
    }

    Gate after(int polls, String name) {
        return new Gate(name, polls);
    }

    /** {@return a body that suspends once, and then gives {@code value}} */
    <T> Future<T> later(T value) {
        return async(() -> {
            await(after(1, "later"));
            return value;
        });
    }

    Gate never(String name) {
        return new Gate(name, Integer.MAX_VALUE);
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        spawned.add(task);
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {}

    /** Polls what was spawned first, whether or not anything has woken it. */
    void pollSpawned() {
        SpawnedTask<?> task = spawned.getFirst();
        task.wake();
        task.run(cx);
    }

    @Override
    public World world() {
        return World.empty().with(FailureHandler.class, (where, failure) -> unhandled.add(failure));
    }
}
