package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.BlockingPool;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A program with little memory, all of which it takes now and then: each executor does what allocates while there is nothing left, and is
 * asked afterwards what it has lost. Run by {@link StarvedTest} in a process of its own.
 */
final class Starved {
    /** More than a worker's ring holds. */
    private static final int TASKS = 400;

    private static final long LIMIT_NANOS = 10_000_000_000L;

    private static final AtomicInteger REPORTED = new AtomicInteger();
    private static final World WORLD = Latent.system().with(FailureHandler.class, (_, _) -> REPORTED.getAndIncrement());

    /** All memory that was left. */
    private static volatile @Nullable Object held;

    private Starved() {}

    /** Takes all there is, to the last few words. */
    static void fill() {
        Object[] chain = null;
        for (int bytes = 1 << 18; bytes > 0; bytes >>= 2) {
            try {
                while (true) {
                    chain = new Object[] {chain, bytes < 64 ? null : new byte[bytes]};
                }
            } catch (OutOfMemoryError full) {
                // The next ones are smaller.
            }
        }
        held = chain;
    }

    static void free() {
        held = null;
    }

    /** Waits until it is set, and takes no memory. */
    private static final class Cell extends OwnedFuture<Void> {
        volatile boolean set;
        volatile boolean polled;
        volatile @Nullable Waker waker;

        void set() {
            set = true;
            Waker w = waker;
            if (w != null) {
                w.wake();
            }
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            waker = cx.waker();
            polled = true;
            return set ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {}
    }

    /** Does something once, in a poll. */
    private static final class Once extends OwnedFuture<Void> {
        private final Runnable what;

        Once(Runnable what) {
            this.what = what;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            what.run();
            return Poll.done();
        }

        @Override
        protected void dropOwned() {}
    }

    /** Uses up all memory itself. */
    private static final class Greedy extends OwnedFuture<Void> {
        @Override
        protected Poll<Void> pollOwned(Context cx) {
            Object[] all = null;
            while (true) {
                all = new Object[] {all, new byte[1 << 16]};
            }
        }

        @Override
        protected void dropOwned() {}
    }

    /** An executor, and what makes it go on. */
    private abstract static class Kind implements AutoCloseable {
        abstract Spawner spawner();

        void step() {}

        abstract int live();

        int tasks() {
            return TASKS;
        }

        @Override
        public abstract void close();

        void settle(String what, BooleanSupplier condition) {
            long deadline = System.nanoTime() + LIMIT_NANOS;
            while (!condition.getAsBoolean()) {
                step();
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError(what + ": lost on " + spawner() + ", live " + live() + ", reported "
                            + REPORTED + diagnostics());
                }
                Thread.onSpinWait();
            }
        }

        String diagnostics() {
            StringBuilder text = new StringBuilder();
            for (JoinHandle<?> handle : watched) {
                if (!handle.isFinished() && handle instanceof dev.latent.task.SpawnedTask<?> task) {
                    text.append("\n").append(task.look(java.util.Objects.requireNonNull(WORLD.clock())));
                }
            }
            return text.toString();
        }

        List<? extends JoinHandle<?>> watched = List.of();
    }

    private static final class Local extends Kind {
        private final LocalExecutor executor = LocalExecutor.builder()
                .world(WORLD)
                .closeTimeout(Duration.ofSeconds(5))
                .build();

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void step() {
            try {
                executor.tick();
            } catch (OutOfMemoryError e) {
                // Told to who ticks; the next one goes on.
            }
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    private static final class Stealing extends Kind {
        private final WorkStealingExecutor executor;

        Stealing(int threads) {
            executor = WorkStealingExecutor.builder()
                    .threads(threads)
                    .world(WORLD)
                    .closeTimeout(Duration.ofSeconds(5))
                    .build();
        }

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        String diagnostics() {
            return ", " + executor.diagnostics();
        }

        @Override
        public void close() {
            executor.close();
            for (Worker worker : executor.crew.workers) {
                if (worker.isAlive()) {
                    throw new AssertionError(worker.getName() + " lives on");
                }
            }
        }
    }

    private static final class On extends Kind {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work);
            made.setDaemon(true);
            return made;
        });
        private final OnExecutor executor = new OnExecutor(thread, WORLD, false);
        private final Context cx = new Context(executor);
        private final Runnable nothing = () -> {};
        private final Callable<Boolean> blocksNothing = () -> true;

        @Override
        Spawner spawner() {
            return executor;
        }

        /** A wake there fails in many ways, each after a look through the whole memory. */
        @Override
        int tasks() {
            return 12;
        }

        /** Without memory a pool of the JDK's may lose its threads, and makes another as something is submitted. */
        @Override
        void step() {
            try {
                thread.execute(nothing);
                Poll<Boolean> _ =
                        cx.capability(BlockingPool.class).run(blocksNothing).poll(cx);
                Thread.sleep(1);
            } catch (Exception | OutOfMemoryError e) {
                // Once more.
            }
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {
            thread.shutdown();
        }
    }

    private static boolean allFinished(List<? extends JoinHandle<?>> handles) {
        for (int i = 0; i < handles.size(); i++) {
            if (!handles.get(i).isFinished()) {
                return false;
            }
        }
        return true;
    }

    private static Cell[] cells(Kind kind) {
        Cell[] cells = new Cell[kind.tasks()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new Cell();
        }
        return cells;
    }

    private static List<JoinHandle<?>> spawned(Kind kind, Cell[] cells) {
        List<JoinHandle<?>> handles = new ArrayList<>(TASKS + 20);
        for (Cell cell : cells) {
            handles.add(kind.spawner().spawn(cell));
        }
        return handles;
    }

    /** Or ended before: an executor that has no memory to run a task cancels it. */
    private static boolean allPolled(Cell[] cells, List<? extends JoinHandle<?>> lastOnes) {
        for (int i = 1; i <= cells.length; i++) {
            if (!cells[cells.length - i].polled
                    && !lastOnes.get(lastOnes.size() - i).isFinished()) {
                return false;
            }
        }
        return true;
    }

    // ---- what is done without memory

    private static void wakesFromElsewhere(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        List<JoinHandle<?>> handles = spawned(kind, cells);
        kind.settle("first polls", () -> allPolled(cells, handles));
        Throwable thrown = null;
        if (starve) {
            fill();
        }
        for (Cell cell : cells) {
            try {
                cell.set();
            } catch (Throwable t) {
                thrown = t;
            }
        }
        free();
        if (thrown != null) {
            throw new AssertionError("a wake threw", thrown);
        }
        kind.watched = handles;
        kind.settle("wakes from elsewhere", () -> allFinished(handles));
    }

    private static void wakesByATask(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        List<JoinHandle<?>> handles = spawned(kind, cells);
        kind.settle("first polls", () -> allPolled(cells, handles));
        Throwable[] thrown = {null};
        BooleanSupplier finished = () -> allFinished(handles); // now: memory may be gone as soon as the task is spawned
        handles.add(kind.spawner().spawn(new Once(() -> {
            if (starve) {
                fill();
            }
            for (Cell cell : cells) {
                try {
                    cell.set();
                } catch (Throwable t) {
                    thrown[0] = t;
                }
            }
            free();
        })));
        kind.settle("wakes by a task", finished);
        if (thrown[0] != null) {
            throw new AssertionError("a wake threw", thrown[0]);
        }
    }

    private static void firstPolls(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        List<JoinHandle<?>> handles = new ArrayList<>(TASKS + 20);
        BooleanSupplier allPolled = () -> handles.getFirst().isFinished() && allPolled(cells, handles);
        BooleanSupplier allFinished = () -> allFinished(handles);
        AtomicInteger spawned = new AtomicInteger();
        handles.add(kind.spawner().spawn(new Once(() -> {
            while (spawned.get() == 0) {
                Thread.onSpinWait();
            }
            if (starve) {
                fill();
            }
        })));
        handles.addAll(spawned(kind, cells));
        spawned.set(1);
        while (starve && held == null) {
            kind.step();
        }
        pass(20);
        free();
        kind.watched = handles;
        kind.settle("first polls", allPolled);
        for (Cell cell : cells) {
            cell.set();
        }
        kind.settle("ends", allFinished);
    }

    private static void pass(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    private static void spawns(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        JoinHandle<?>[] handles = new JoinHandle<?>[cells.length];
        if (starve) {
            fill();
        }
        for (int i = 0; i < kind.tasks(); i++) {
            try {
                handles[i] = kind.spawner().spawn(cells[i]);
            } catch (OutOfMemoryError e) {
                // It is this thread's still.
            }
        }
        free();
        List<JoinHandle<?>> all = new ArrayList<>();
        for (int i = 0; i < kind.tasks(); i++) {
            all.add(handles[i] != null ? handles[i] : kind.spawner().spawn(cells[i]));
        }
        for (Cell cell : cells) {
            cell.set();
        }
        kind.settle("spawns", () -> allFinished(all));
    }

    private static void sleeps(Kind kind, boolean starve) {
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int i = 0; i < kind.tasks(); i++) {
            handles.add(kind.spawner().spawn(Hand.sleep(30_000_000 + i * 10_000L)));
        }
        for (int i = 0; i < 3; i++) {
            kind.step();
        }
        if (starve) {
            fill();
        }
        long until = System.nanoTime() + 60_000_000;
        while (System.nanoTime() - until < 0) {
            kind.step();
        }
        free();
        kind.settle("sleeps", () -> allFinished(handles));
    }

    private static void greed(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        List<JoinHandle<?>> handles = spawned(kind, cells);
        kind.settle("first polls", () -> allPolled(cells, handles));
        for (int i = 0; i < 10; i++) {
            JoinHandle<Void> greedy = kind.spawner().spawn(starve ? new Greedy() : new Once(() -> {}));
            handles.add(greedy);
            greedy.detach();
        }
        for (Cell cell : cells) {
            cell.set();
        }
        kind.settle("greed", () -> allFinished(handles));
    }

    private static void closes(Kind kind, boolean starve) {
        Cell[] cells = cells(kind);
        List<JoinHandle<?>> handles = spawned(kind, cells);
        kind.settle("first polls", () -> allPolled(cells, handles));
        if (kind instanceof On) {
            for (Cell cell : cells) {
                cell.set();
            }
            kind.settle("ends", () -> allFinished(handles));
        }
        if (starve) {
            fill();
        }
        boolean closed = false;
        try {
            kind.close();
            closed = true;
        } catch (OutOfMemoryError e) {
            // Then it has not begun.
        }
        free();
        if (!closed) {
            kind.close();
        }
        if (!allFinished(handles) || kind.live() != 0) {
            throw new AssertionError("closed, but live: " + kind.live() + " on " + kind.spawner());
        }
    }

    /** Everything at once: memory comes and goes while tasks sleep, yield, wake each other and spawn. */
    private static void storm(Kind kind, boolean starve, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Cell[] cells = cells(kind);
            for (int i = 0; i < kind.tasks(); i++) {
                handles.add(kind.spawner().spawn(cells[i]));
                if (i % 3 == 0) {
                    handles.add(kind.spawner().spawn(Hand.sleep(random.nextLong(20_000_000))));
                }
                if (i % 7 == 0) {
                    handles.add(kind.spawner().spawn(Hand.yields(random.nextInt(50))));
                }
            }
            boolean before = random.nextBoolean();
            if (before) {
                for (int i = 0; i < 2; i++) {
                    kind.step();
                }
            }
            if (starve) {
                fill();
            }
            for (Cell cell : cells) {
                cell.set();
                if (cell.hashCode() % 64 == 0) {
                    kind.step();
                }
            }
            long until = System.nanoTime() + 10_000_000;
            while (System.nanoTime() - until < 0) {
                kind.step();
            }
            free();
        }
        kind.settle("a storm of seed " + seed, () -> allFinished(handles));
    }

    private interface Scenario {
        void run(Kind kind, boolean starve);
    }

    private static void all(String name, Scenario scenario) {
        for (boolean starve : new boolean[] {false, true}) { // the first time classes are loaded
            for (int kind = 0; kind < 4; kind++) {
                Kind on =
                        switch (kind) {
                            case 0 -> new Local();
                            case 1 -> new Stealing(1);
                            case 2 -> new Stealing(2);
                            default -> new On();
                        };
                scenario.run(on, starve);
                on.settle("live tasks after " + name, () -> on.live() == 0);
                on.close();
                if (starve) {
                    System.out.println(name + " on " + on.spawner() + ": nothing lost");
                }
            }
        }
    }

    public static void main(String[] args) {
        try {
            all(args);
        } catch (Throwable t) {
            free();
            t.printStackTrace();
            end(1);
        }
        end(0);
    }

    /** At once: an orderly end would want memory, to log that it ends and to run its hooks. */
    private static void end(int status) {
        System.out.flush();
        Runtime.getRuntime().halt(status);
    }

    private static void all(String[] args) {
        all("wakes from elsewhere", Starved::wakesFromElsewhere);
        all("wakes by a task", Starved::wakesByATask);
        all("first polls", Starved::firstPolls);
        all("spawns", Starved::spawns);
        all("sleeps", Starved::sleeps);
        all("greed", Starved::greed);
        all("closes", Starved::closes);
        long seed = args.length > 0 ? Long.parseLong(args[0]) : System.nanoTime();
        all("storm of seed " + seed, (kind, starve) -> storm(kind, starve, seed));
        System.out.println("done");
    }
}
