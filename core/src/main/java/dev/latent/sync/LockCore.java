package dev.latent.sync;

import dev.latent.Waker;
import dev.latent.task.Deadlocks;
import dev.latent.task.HeldByTasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Turnstile} that knows who has its permits, as well as that can be known for next to nothing.
 *
 * <p>Two goals compete: a deadlock is to be told with its names, and to take a lock is to cost one atomic instruction. So who takes all
 * permits leaves its waker by a plain write, which nobody takes back: it holds good as long as the word says that they are taken. Who
 * shares them puts its waker into a free one of a few places, and takes it out again, by plain writes too. When two find the same place
 * free, one is forgotten, and a crowd has no room; then there are more sharers than names, so the holders are <em>not known</em>, and
 * nobody is told of a deadlock. A name too many can't stand there: each is taken out by who has put it in.
 *
 * <p>Who was handed permits as it waited is known by its {@link Entry}, which says whether it has taken them.
 */
final class LockCore extends Turnstile implements HeldByTasks {
    /** Stands for a holder whose guard may be anywhere. */
    static final Object UNKNOWN = new Object();

    private static final int SHARERS = 8;

    private final long all;

    /** What those permits are that are neither one nor all, and are held by one only; none: 0. */
    private final long some;

    private final String kind;
    private final @Nullable String name;

    /** Of the value as it was in the beginning. */
    private final @Nullable Class<?> type;

    /** A waker, an entry, or {@link #UNKNOWN}: who has all, or had them last. */
    private @Nullable Object holder;

    /** The same of those who have one, or some. Empty: none may. */
    private final @Nullable Object[] sharers;

    /** Set under the line's lock. */
    private volatile boolean watched;

    LockCore(String kind, @Nullable String name, @Nullable Object value, long all, long some) {
        super(all);
        this.kind = kind;
        this.name = name;
        this.type = value == null ? null : value.getClass();
        this.all = all;
        this.some = some;
        this.sharers = new Object[all == 1 ? 0 : SHARERS];
    }

    // ---- by those who hold ------------------------------------------------------------------------------------------

    /** {@code by} has all. */
    void holds(Object by) {
        if (holder != by) { // a reference that is written has its price
            holder = by;
        }
    }

    /** {@code by} has one, or some. */
    void shares(Object by) {
        for (int i = 0; i < sharers.length; i++) {
            if (sharers[i] == null) {
                sharers[i] = by;
                return;
            }
        }
    }

    /** {@code by} shares no more; to be said before it is so. */
    void sharesNot(Object by) {
        for (int i = 0; i < sharers.length; i++) {
            if (sharers[i] == by) {
                sharers[i] = null;
                return;
            }
        }
    }

    @Override
    void handed(Entry entry, boolean last) {
        if (last) {
            holds(entry);
        } else {
            shares(entry);
        }
    }

    @Override
    void returned(Entry entry) {
        sharesNot(entry);
    }

    /** Somebody is about to wait here; from the first time on this is watched. */
    void isWaitedFor() {
        if (watched) {
            return;
        }
        list.lock();
        boolean first = !watched;
        watched = true;
        list.unlock();
        if (first) {
            try {
                Deadlocks.watch(this);
            } catch (Throwable noMemory) {
                watched = false;
                throw noMemory;
            }
        }
    }

    // ---- for who looks ----------------------------------------------------------------------------------------------

    @Override
    public @Nullable List<Waker> holders() {
        List<Object> found = new ArrayList<>();
        long taken = all - permits();
        if (taken == all) {
            found.add(holder);
        } else {
            Arrays.stream(sharers).filter(by -> by != null).forEach(found::add);
            if (found.size() != (some > 0 && taken >= some ? taken - some + 1 : taken)) {
                return null;
            }
        }
        List<Waker> wakers = new ArrayList<>();
        for (Object by : found) {
            Waker waker = waker(by);
            if (waker == null) {
                return null;
            }
            wakers.add(waker);
        }
        return wakers;
    }

    private static @Nullable Waker waker(@Nullable Object by) {
        return by instanceof Entry entry ? entry.wakes : by instanceof Waker waker ? waker : null;
    }

    @Override
    public List<Offer> offered() {
        List<@Nullable Object> held = new ArrayList<>(Arrays.asList(sharers));
        held.add(permits() == 0 ? holder : null);
        List<Offer> offers = new ArrayList<>();
        for (Object by : held) {
            if (by instanceof Entry entry && entry.told() == Entry.TOLD && entry.wakes != null) {
                offers.add(new Offer(entry, entry.wakes));
            }
        }
        return offers;
    }

    @Override
    public List<Waker> waiters() {
        List<Waker> wakers = new ArrayList<>();
        if (hasQueue()) {
            list.lock();
            try {
                list.forEach(waiter -> wakers.add(waiter.waker()));
            } finally {
                list.unlock();
            }
        }
        return wakers;
    }

    @Override
    public String toString() {
        return name != null ? kind + " " + name : type == null ? kind : kind + " of " + type.getName();
    }
}
