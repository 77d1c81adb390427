package dev.latent.task;

import dev.latent.AwaitChain;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.internal.InnerWaker;
import dev.latent.internal.Lost;
import dev.latent.internal.Names;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks that wait for each other's locks, locks that were handed to a task which does not poll for them, tasks that wait without
 * having left a waker, and handles that were lost, and tells the {@link dev.latent.world.FailureHandler}. For executors, which ask when they have nothing to run; and for people, in a dump.
 *
 * <p><b>What is a deadlock.</b> A set of tasks such that each of them waits, at every tip of what it awaits, for a lock all of whose
 * holders are in the set. So none can go on unless somebody drops one. A task that also waits for anything else, a timer for instance, is
 * in no such set, nor is one that can't be looked at, nor one that waits for a lock whose holders are not all known. The set is found by
 * taking out of all that wait for locks, again and again, who does not belong.
 *
 * <p><b>What has left no waker</b> is a task whose last poll was pending and asked for none: see {@link Stranded}.
 *
 * <p><b>Lost handles</b> are senders and receivers of channels that were let go of without being closed, and that somebody waits for; they are told of when the garbage
 * collector has found them.
 *
 * <p><b>What it costs.</b> A lock that nobody has ever waited for is not known here. Nothing is written as locks are taken, given and
 * waited for but what they need themselves; a check looks at the locks that somebody waits for, and at the tasks around them. As it looks
 * at one after the other while other threads go on, it tells only what the same executor has found in two checks, {@link #PERIOD_NANOS}
 * apart.
 *
 * <p>What it keeps, it keeps weakly; all of it is for people, and nothing that a program does depends on it.
 */
public final class Deadlocks {
    /** Between two checks of an executor. */
    public static final long PERIOD_NANOS = 800_000_000;

    private static final Object TOLD = new Object();

    /** Every lock that somebody has ever waited for. */
    private static final List<WeakReference<HeldByTasks>> WATCHED = new ArrayList<>();

    /** By what waits, or what was handed over: the executor that has seen it in a deadlock, or {@link #TOLD}. */
    private static final Map<Object, Object> SEEN = new WeakHashMap<>();

    private static int crowd = 64;
    private static volatile boolean any;

    private Deadlocks() {}

    /** For a lock, when somebody waits for it for the first time. */
    public static void watch(HeldByTasks lock) {
        synchronized (WATCHED) {
            if (WATCHED.size() >= crowd) {
                WATCHED.removeIf(known -> known.refersTo(null));
                crowd = Math.max(64, 2 * WATCHED.size());
            }
            WATCHED.add(new WeakReference<>(lock));
            any = true;
        }
    }

    /** {@return whether there is anything to check} */
    public static boolean mayBe() {
        return any || Stranded.mayBe() || Lost.mayBe();
    }

    /** {@return whether a check may find something that has come about without anybody's doing}: what the garbage collector has found */
    public static boolean mayComeByItself() {
        return Lost.mayBe();
    }

    /**
     * Looks for deadlocks, and tells {@code home} of those that it has seen before, once. Never throws.
     *
     * @param home the {@linkplain Task#home home} of the tasks of the executor on whose thread, and with whose world, this is done
     * @return whether something was seen for the first time, so that it is to be called again after {@link #PERIOD_NANOS}
     */
    public static boolean check(Spawner home) {
        try {
            Lost.look(home);
            List<HeldByTasks> locks = waitedFor();
            return Stranded.check(home) | (!locks.isEmpty() && (checkOffers(home, locks) | checkCycles(home, locks)));
        } catch (Throwable t) {
            return false; // memory, or somebody's own words: people are told less
        }
    }

    private static List<HeldByTasks> waitedFor() {
        List<HeldByTasks> locks = new ArrayList<>();
        synchronized (WATCHED) {
            WATCHED.removeIf(known -> known.refersTo(null));
            any = !WATCHED.isEmpty();
            for (WeakReference<HeldByTasks> known : WATCHED) {
                HeldByTasks lock = known.get();
                if (lock != null) {
                    locks.add(lock);
                }
            }
        }
        locks.removeIf(lock -> lock.waiters().isEmpty());
        return locks;
    }

    // ---- handed over, and not polled
    // ----------------------------------------------------------------------------------

    private static boolean checkOffers(Spawner home, List<HeldByTasks> locks) {
        boolean again = false;
        for (HeldByTasks lock : locks) {
            for (HeldByTasks.Offer offer : lock.offered()) {
                Task<?> task = of(offer.to());
                if (task != null && task.still(future -> future) != null) {
                    Sight sight = sight(home, List.of(offer.token()));
                    again |= sight == Sight.FIRST;
                    if (sight == Sight.SECOND) {
                        String what = "offered and not polled: " + Names.of(lock) + " was handed to " + place(task)
                                + ", which does not poll for it; waiting: " + named(lock.waiters());
                        Owners.report(home, what, new IllegalStateException(what));
                    }
                }
            }
        }
        return again;
    }

    // ---- cycles ----------------------------------------------------------------------------------------------------

    private static boolean checkCycles(Spawner home, List<HeldByTasks> locks) {
        Map<Task<?>, List<Wait>> stuck = new LinkedHashMap<>();
        for (HeldByTasks lock : locks) {
            for (Waker waker : lock.waiters()) {
                Task<?> task = of(waker);
                List<Wait> waits = task == null ? null : task.heldUpBy();
                if (waits != null) {
                    stuck.put(task, waits);
                }
            }
        }
        Map<HeldByTasks, Set<Task<?>>> holders = new LinkedHashMap<>();
        locks.forEach(lock -> holders.put(lock, tasks(lock.holders())));
        while (stuck.values().removeIf(waits -> !waits.stream().allMatch(wait -> {
            Set<Task<?>> its = holders.getOrDefault(wait.lock(), Set.of());
            return !its.isEmpty() && stuck.keySet().containsAll(its);
        }))) {}
        // Who is only behind them is no part of it.
        while (stuck.keySet().removeIf(task -> stuck.values().stream()
                .flatMap(List::stream)
                .noneMatch(wait -> holders.getOrDefault(wait.lock(), Set.of()).contains(task)))) {}
        boolean again = false;
        while (!stuck.isEmpty()) {
            Map<Task<?>, List<Wait>> cycle = takeOne(stuck, holders);
            List<Object> leaves = new ArrayList<>();
            cycle.values().forEach(waits -> waits.forEach(wait -> leaves.add(wait.leaf())));
            Sight sight = sight(home, leaves);
            again |= sight == Sight.FIRST;
            if (sight == Sight.SECOND) {
                tell(home, cycle);
            }
        }
        return again;
    }

    /** {@return those that the first of {@code stuck} is tied to, which are taken out of it} */
    private static Map<Task<?>, List<Wait>> takeOne(
            Map<Task<?>, List<Wait>> stuck, Map<HeldByTasks, Set<Task<?>>> holders) {
        Map<Task<?>, List<Wait>> cycle = new LinkedHashMap<>();
        List<Task<?>> left = new ArrayList<>();
        left.add(stuck.keySet().iterator().next());
        while (!left.isEmpty()) {
            Task<?> task = left.removeLast();
            List<Wait> waits = stuck.remove(task);
            if (waits != null) {
                cycle.put(task, waits);
                waits.forEach(wait -> left.addAll(holders.getOrDefault(wait.lock(), Set.of())));
                stuck.forEach((other, its) -> {
                    if (its.stream().anyMatch(wait -> holders.getOrDefault(wait.lock(), Set.of())
                            .contains(task))) {
                        left.add(other);
                    }
                });
            }
        }
        return cycle;
    }

    private static void tell(Spawner home, Map<Task<?>, List<Wait>> cycle) {
        String who = cycle.keySet().stream().map(Deadlocks::name).collect(Collectors.joining(" and "));
        StringBuilder text =
                new StringBuilder(cycle.size() == 1 ? who + " waits for itself" : who + " wait for each other");
        cycle.forEach((task, waits) -> {
            for (Wait wait : waits) {
                text.append("\n  ")
                        .append(place(task))
                        .append(", waits for the ")
                        .append(Names.of(wait.leaf()));
            }
        });
        tell(
                home,
                "deadlock: " + who,
                text.toString(),
                cycle.keySet().iterator().next());
    }

    /** Tells {@code home} of {@code what}, with the trace of {@code task}. */
    static void tell(Spawner home, String what, String text, Task<?> task) {
        IllegalStateException failure = new IllegalStateException(text);
        List<StackTraceElement> frames =
                task.still(future -> AwaitChain.of(future).frames());
        if (frames != null) {
            failure.setStackTrace(frames.toArray(StackTraceElement[]::new));
        }
        Owners.report(home, what, failure);
    }

    private static Set<Task<?>> tasks(@Nullable List<Waker> wakers) {
        Set<Task<?>> tasks = new LinkedHashSet<>();
        if (wakers != null) {
            for (Waker waker : wakers) {
                Task<?> task = of(waker);
                if (task == null) {
                    return Set.of();
                }
                tasks.add(task);
            }
        }
        return tasks;
    }

    // ---- once ------------------------------------------------------------------------------------------------------

    private enum Sight {
        FIRST,
        SECOND,
        TOLD
    }

    /** Notes that {@code home} has seen all of {@code what}. */
    private static Sight sight(Spawner home, List<Object> what) {
        synchronized (WATCHED) {
            if (what.stream().allMatch(each -> SEEN.get(each) == TOLD)) {
                return Sight.TOLD;
            }
            boolean before = what.stream().allMatch(each -> SEEN.get(each) == home || SEEN.get(each) == TOLD);
            what.forEach(each -> SEEN.put(each, before ? TOLD : home));
            return before ? Sight.SECOND : Sight.FIRST;
        }
    }

    // ---- in words --------------------------------------------------------------------------------------------------

    /** {@return the locks that somebody waits for, who holds them, and who waits, for a person to read; empty: none} */
    public static String describe() {
        StringBuilder text = new StringBuilder();
        for (HeldByTasks lock : waitedFor()) {
            text.append(text.isEmpty() ? "locks that are waited for\n" : "")
                    .append("    ")
                    .append(Names.of(lock))
                    .append(", held by ")
                    .append(named(lock.holders()))
                    .append("\n        waiting: ")
                    .append(named(lock.waiters()))
                    .append('\n');
        }
        return text.toString();
    }

    /** {@return whose wakers these are, for a person to read; null: not known} */
    public static String named(@Nullable List<Waker> wakers) {
        if (wakers == null) {
            return "somebody who is not known";
        }
        if (wakers.isEmpty()) {
            return "nobody now";
        }
        return wakers.stream()
                .map(waker -> {
                    Task<?> task = of(waker);
                    return task == null ? Names.of(waker) : place(task);
                })
                .collect(Collectors.joining("; "));
    }

    /** {@return the task that {@code waker} wakes in the end, as far as that is known} */
    private static @Nullable Task<?> of(Waker waker) {
        Waker at = waker;
        while (at instanceof InnerWaker inner) {
            at = inner.outer();
        }
        return at instanceof Task<?> task ? task : null;
    }

    static String name(Task<?> task) {
        return "task " + task.whose();
    }

    static String place(Task<?> task) {
        StackTraceElement at = task.still(Owners::place);
        return at == null ? name(task) : name(task) + ", now at " + at;
    }
}
