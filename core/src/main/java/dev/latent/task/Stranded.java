package dev.latent.task;

import dev.latent.AwaitChain;
import dev.latent.Spawner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Tasks whose last poll was pending and asked for no waker. A future is at fault there: it owes a wake of the waker of its latest poll, which
 * it doesn't have.
 *
 * <p>Two goals compete: no program is to be told of what is none, and a task that hangs is to be told of soon. A future that has kept the waker of an
 * earlier poll, and under this task wakes the right one by luck, is one of these until it does so; so a task is told of when the same executor, having nothing to
 * run, has found it here in two looks, with no poll in between. Where others wait beside it in the same task, {@code join}ed for instance,
 * these have asked, and it is not known who has not.
 *
 * <p>What is kept is weak, and for people: nothing that a program does depends on it.
 */
final class Stranded {
    /** More are shown by a dump, and not told. */
    private static final int MOST = 16;

    private static final List<Stranded> ALL = new ArrayList<>();
    private static volatile boolean any;

    private final WeakReference<Task<?>> task;

    /** These two are guarded by {@link #ALL}. */
    private boolean seen;

    private boolean told;

    private Stranded(Task<?> task) {
        this.task = new WeakReference<>(task);
    }

    /** {@return whether there is anything to check} */
    static boolean mayBe() {
        return any;
    }

    /** A poll of {@code task} has ended so. Never throws. */
    static void add(Task<?> task) {
        try {
            synchronized (ALL) {
                for (Stranded known : ALL) {
                    if (known.task.refersTo(task)) {
                        known.seen = false;
                        return;
                    }
                }
                if (ALL.size() >= MOST) {
                    ALL.removeIf(known -> known.told || known.task.refersTo(null));
                }
                if (ALL.size() < MOST) {
                    ALL.add(new Stranded(task));
                    any = true;
                }
            }
        } catch (OutOfMemoryError e) {
            // people are told less
        }
    }

    /**
     * Tells {@code home} of its tasks that it has seen here before.
     *
     * @return whether one was seen for the first time
     */
    static boolean check(Spawner home) {
        boolean again = false;
        if (!any) {
            return false;
        }
        List<Task<?>> toTell = new ArrayList<>();
        synchronized (ALL) {
            for (Iterator<Stranded> all = ALL.iterator(); all.hasNext(); ) {
                Stranded each = all.next();
                Task<?> task = each.task.get();
                if (task == null || task.home() == home && !task.isStranded()) {
                    all.remove();
                } else if (task.home() == home && !each.told) {
                    if (each.seen) {
                        each.told = true;
                        toTell.add(task);
                    }
                    again |= !each.seen;
                    each.seen = true;
                }
            }
            any = !ALL.isEmpty();
        }
        toTell.forEach(task -> tell(home, task));
        return again;
    }

    private static void tell(Spawner home, Task<?> task) {
        String what = task.still(future -> AwaitChain.of(future).waitsFor());
        String text = Deadlocks.place(task) + (what == null ? "" : ", waits for " + what)
                + ": its last poll was pending and asked for no waker, so nothing is known that will have it polled again";
        Deadlocks.tell(home, "no waker: " + Deadlocks.name(task), text, task);
    }
}
