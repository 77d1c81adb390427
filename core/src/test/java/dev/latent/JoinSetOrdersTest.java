package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.sync.Interleavings;
import dev.latent.sync.Interleavings.Actor;
import dev.latent.sync.Interleavings.Scene;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every order of the tasks of a {@link JoinSet} or {@link JoinMap} and of those who read, abort and close, each dropped, or its task cancelled, wherever that can be: each
 * outcome is told, or let go, once, and nobody waits for what has come.
 */
class JoinSetOrdersTest {
    private static void explore(String what, int drops, int atLeast, Supplier<Set> sets) throws Exception {
        int runs = Interleavings.explore(drops, sets::get);
        System.out.println("interleavings: " + what + ", " + runs + " runs");
        assertTrue(runs >= atLeast, () -> "only " + runs + " of " + what);
    }

    /** An outcome that has to be closed. */
    private static final class Thing implements Releasable {
        int received;
        int closed;

        @Override
        public void close() {
            closed++;
        }
    }

    /** Gives its thing in its second poll. */
    private static final class Works extends OwnedFuture<Thing> {
        final Thing thing = new Thing();
        boolean gave;
        private boolean begun;

        @Override
        protected Poll<Thing> pollOwned(Context cx) {
            if (!begun) {
                begun = true;
                cx.waker().wake();
                return Poll.pending();
            }
            gave = true;
            return Poll.ready(thing);
        }

        @Override
        protected void dropOwned() {}
    }

    /** A set, and an executor that runs each of its tasks as an actor. */
    private static final class Set implements Scene, TaskHome {
        final JoinSet<Thing> set = JoinSet.in(this);
        final JoinMap<String, Thing> map = JoinMap.in(this);
        final List<Works> works = new ArrayList<>();
        final List<Actor> actors = new ArrayList<>();
        final Map<SpawnedTask<?>, Runs> tasks = new HashMap<>();
        final List<AbortHandle> handles = new ArrayList<>();
        int reported;

        /** A failure that was seen, by one who was dropped then, is reported. */
        boolean reports;

        Works work() {
            Works one = new Works();
            works.add(one);
            return one;
        }

        Set task() {
            handles.add(set.spawn(work()));
            return this;
        }

        Set reports() {
            reports = true;
            return this;
        }

        Set with(Function<Set, Actor> actor) {
            actors.add(actor.apply(this));
            return this;
        }

        @Override
        public List<Actor> actors() {
            return actors;
        }

        @Override
        public void atEnd(List<Actor> stuck) {
            assertEquals(List.of(), stuck);
            set.close();
            map.close();
            assertEquals(0, set.size() + map.size());
            for (Works one : works) {
                assertEquals(one.gave ? 1 : 0, one.thing.received + one.thing.closed, "told, or let go, once");
            }
            assertTrue(reported == 0 || reports, reported + " failures that nobody was told");
        }

        // ---- the executor

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            SpawnedTask<T> task = new SpawnedTask<>(this, future);
            Runs runs = new Runs(task);
            tasks.put(task, runs);
            actors.add(runs);
            return task;
        }

        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {
            tasks.get(task).schedule();
        }

        @Override
        public World world() {
            return World.empty().with(FailureHandler.class, (_, _) -> reported++);
        }
    }

    /** An executor that has one task. A drop is its cancellation. */
    private static final class Runs implements Actor {
        private final SpawnedTask<?> task;
        private @Nullable Waker waker;
        private boolean scheduled = true;

        Runs(SpawnedTask<?> task) {
            this.task = task;
        }

        void schedule() {
            scheduled = true;
            if (waker != null) {
                waker.wake();
            }
        }

        @Override
        public boolean poll(Context cx) {
            waker = cx.waker();
            runOnce();
            return task.isFinished();
        }

        private void runOnce() {
            if (scheduled) {
                scheduled = false;
                task.run(new Context(task.home()));
            }
        }

        @Override
        public void drop() {
            task.cancelByExecutor();
            while (!task.isFinished()) {
                runOnce();
            }
        }
    }

    /** Reads until the end, one outcome in each poll. */
    private static class Reads implements Actor {
        private final Source<?> source;
        private @Nullable Future<? extends Next<?>> next;

        Reads(Source<?> source) {
            this.source = source;
        }

        @Override
        public boolean poll(Context cx) throws Exception {
            if (next == null) {
                next = source.next();
            }
            Object told;
            try {
                if (!(next.poll(cx) instanceof Poll.Ready<?>(Object found))) {
                    return false;
                }
                told = found;
            } catch (java.util.concurrent.CancellationException cancelled) {
                told = cancelled;
            }
            Future<?> gave = next;
            next = null;
            cx.waker().wake();
            return told instanceof End || received(gave, told);
        }

        /** {@return whether that is enough} */
        boolean received(Future<?> from, Object told) {
            switch (told) {
                case Item<?>(Thing thing) -> thing.received++;
                case Item<?>(Joined<?, ?>(var _, Outcome.Ok<?>(Thing thing))) -> thing.received++;
                default -> {}
            }
            return false;
        }

        @Override
        public void drop() {
            if (next != null) {
                next.drop();
            }
        }
    }

    /** Reads once, and nobody receives that. */
    private static final class Loses extends Reads {
        Loses(Source<?> source) {
            super(source);
        }

        @Override
        boolean received(Future<?> from, Object told) {
            if (told instanceof Item<?>) {
                Owners.undelivered(from, told);
            }
            return true;
        }
    }

    /** Does something, once. */
    private record Does(Runnable what) implements Actor {
        @Override
        public boolean poll(Context cx) {
            what.run();
            return true;
        }

        @Override
        public void drop() {}
    }

    /** Waits for a future, which may fail. */
    private record Waits(Future<?> future) implements Actor {
        @Override
        public boolean poll(Context cx) {
            try {
                if (!(future.poll(cx) instanceof Poll.Ready<?>(Object value))) {
                    return false;
                }
                if (value instanceof Thing thing) {
                    thing.received++;
                }
                return true;
            } catch (Exception failed) {
                return true;
            }
        }

        @Override
        public void drop() {
            future.drop();
        }
    }

    @Test
    void oneReaderAndTwoTasks() throws Exception {
        explore("join set, one reader", 2, 500, () -> new Set().task().task().with(s -> new Reads(s.set)));
    }

    @Test
    void twoReaders() throws Exception {
        explore(
                "join set, two readers",
                1,
                500,
                () -> new Set().task().task().with(s -> new Reads(s.set)).with(s -> new Reads(s.set)));
    }

    @Test
    void anOutcomeThatNobodyReceives() throws Exception {
        explore(
                "join set, an outcome comes again",
                1,
                500,
                () -> new Set().task().task().with(s -> new Reads(s.set)).with(s -> new Loses(s.set)));
    }

    @Test
    void oneIsAborted() throws Exception {
        explore("join set, abort", 2, 500, () -> new Set()
                .task()
                .task()
                .with(s -> new Reads(s.set))
                .with(s -> new Does(s.handles.getFirst()::abort)));
    }

    @Test
    void itIsClosed() throws Exception {
        explore(
                "join set, close",
                1,
                500,
                () -> new Set().task().task().with(s -> new Reads(s.set)).with(s -> new Waits(s.set.closeAsync())));
    }

    @Test
    void theFirstSuccess() throws Exception {
        explore(
                "join set, first success",
                2,
                500,
                () -> new Set().task().task().reports().with(s -> new Waits(s.set.firstSuccess())));
        explore("join set, first success beside a reader", 1, 500, () -> new Set()
                .task()
                .task()
                .reports()
                .with(s -> new Waits(s.set.firstSuccess()))
                .with(s -> new Reads(s.set)));
    }

    @Test
    void aMapWhoseKeyIsTakenAnew() throws Exception {
        explore("join map, a key twice", 2, 300, () -> {
            Set set = new Set();
            set.map.spawn("a", set.work());
            set.map.spawn("b", set.work());
            set.map.spawn("a", set.work());
            return set.with(s -> new Reads(s.map));
        });
    }

    @Test
    void aMapOfWhichOneIsAborted() throws Exception {
        explore("join map, abort", 2, 300, () -> {
            Set set = new Set();
            set.map.spawn("a", set.work());
            set.map.spawn("b", set.work());
            return set.with(s -> new Reads(s.map)).with(s -> new Does(() -> s.map.abort("a")));
        });
    }
}
