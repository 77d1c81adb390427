package dev.latent.runtime;

import dev.latent.world.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The workers of an executor: who sleeps, who searches, and who is woken when there is work.
 *
 * <p><b>Waking workers.</b> As in Go's scheduler: work that is added wakes one parked worker, but only while none is
 * {@code searching}; a searching worker that finds work wakes the next if there is more. So a burst wakes as many as it needs,
 * one by one. To lose no work, the parking worker first counts itself as a sleeper, then looks for work once more; who adds to the injector
 * first adds, then looks for sleepers. Two goals compete for pushes on a worker's own ring: an idle worker should see every one of them,
 * and they should cost no fence. The push is a plain release; in the worst case the work waits until its own worker's next poll,
 * which looks again.
 */
final class Crew {
    final Worker[] workers;
    final AtomicInteger searching = new AtomicInteger();
    final AtomicInteger sleepers = new AtomicInteger();
    final DriverSlot slot;
    private final Injector injector;

    /** Replaced as one comes or goes: to walk through them, as every wake may have to, takes no memory. */
    volatile Worker[] standIns = {};

    /**
     * @param injector where work waits that is in no worker's ring
     * @param clock how long the driver has not been looked at
     */
    Crew(int size, IntFunction<Worker> worker, Injector injector, Clock clock) {
        this.injector = injector;
        slot = new DriverSlot(this::plainSleeper, clock);
        workers = new Worker[size];
        for (int i = 0; i < size; i++) {
            workers[i] = worker.apply(i);
        }
    }

    synchronized void join(Worker standIn) {
        Worker[] all = Arrays.copyOf(standIns, standIns.length + 1);
        all[all.length - 1] = standIn;
        standIns = all;
    }

    /** For any worker whose thread is about to end. */
    synchronized void leave(Worker standIn) {
        if (standIns.length > 0) {
            standIns = Arrays.stream(standIns).filter(other -> other != standIn).toArray(Worker[]::new);
        }
    }

    boolean hasSleepers() {
        return sleepers.get() > 0;
    }

    boolean hasWork() {
        if (!injector.isEmpty()) {
            return true;
        }
        for (Worker worker : workers) {
            if (!worker.ring.isEmpty()) {
                return true;
            }
        }
        for (Worker worker : standIns) {
            if (!worker.ring.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** After work was added. */
    void wakeOne() {
        while (sleepers.get() > 0 && searching.get() == 0 && searching.compareAndSet(0, 1)) {
            if (unparkAny()) {
                return;
            }
            // Those it counted were on their way in or out. Who added work meanwhile has relied on this search.
            searching.getAndDecrement();
            if (!hasWork()) {
                return;
            }
        }
    }

    void wakeAll() {
        do {
            searching.getAndIncrement();
        } while (unparkAny());
        searching.getAndDecrement();
    }

    /** First those that sleep plainly and do not watch, last who is in the driver: so it stays watched. */
    private boolean unparkAny() {
        for (Worker worker : workers) {
            if (!worker.inDriver && !slot.isWatchedBy(worker) && worker.unparkToSearch()) {
                return true;
            }
        }
        for (Worker worker : standIns) {
            if (worker.unparkToSearch()) {
                return true;
            }
        }
        for (Worker worker : workers) {
            if (worker.unparkToSearch()) {
                return true;
            }
        }
        return false;
    }

    /** For {@link DriverSlot}. */
    private @Nullable Worker plainSleeper() {
        for (Worker worker : workers) {
            if (worker.sleepsPlainly()) {
                return worker;
            }
        }
        for (Worker worker : standIns) {
            if (worker.sleepsPlainly()) {
                return worker;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return workers.length + " workers, sleepers " + sleepers + ", searching " + searching;
    }
}
