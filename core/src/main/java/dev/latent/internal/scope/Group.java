package dev.latent.internal.scope;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.JoinMap;
import dev.latent.JoinSet;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Tasks whose outcomes are taken as they come: what is behind {@link JoinSet}, {@link JoinMap} and {@link Async#joinSet}.
 *
 * <p>Each task is a {@link Member}, a future around the one that was spawned. It stands in one of three lists, or in none:
 *
 * <pre>
 *   spawn --&gt; live --2--&gt; ended --3--&gt; none      1 close     2 it has ended, and its outcome is wanted
 *              |1           |1  ^--4--          3 take      4 the taker was dropped: it comes first the next time
 *              v            v
 *           closing --5--&gt; none                 5 it has ended; its outcome is let go
 * </pre>
 *
 * <p>A member that was {@linkplain Member#abort aborted} leaves by an edge to none too, wherever it stands. The lists are linked through the
 * members, so that an end, which has nobody to be told of it, takes no memory.
 *
 * <p><b>Who waits</b> stands in {@link #waiters}: readers until the close, from then on closers. An end wakes the first reader, and the end of the last
 * task all of them, since then each of them has something to say. Every field here and in {@code Member} that may change is guarded by the lock of
 * that list; wakes, closes of handles and what becomes of values are outside it.
 */
public final class Group {
    private final Spawner spawner;
    private final WaiterList waiters = WaiterList.create();
    private final Members live = new Members();
    private final Members closing = new Members();
    private final Members ended = new Members();
    private int unfinished;
    private boolean closed;

    public Group(Spawner spawner) {
        this.spawner = spawner;
    }

    /** Members, in a ring through themselves. */
    private static final class Members {
        private @Nullable Member<?> first;
        private int size;

        void addLast(Member<?> m) {
            size++;
            Member<?> head = first;
            if (head == null) {
                first = m;
                m.previous = m;
                m.next = m;
            } else {
                Member<?> last = java.util.Objects.requireNonNull(head.previous);
                m.previous = last;
                m.next = head;
                last.next = m;
                head.previous = m;
            }
        }

        void addFirst(Member<?> m) {
            addLast(m);
            first = m;
        }

        void remove(Member<?> m) {
            size--;
            Member<?> next = java.util.Objects.requireNonNull(m.next);
            Member<?> previous = java.util.Objects.requireNonNull(m.previous);
            previous.next = next;
            next.previous = previous;
            if (first == m) {
                first = next == m ? null : next;
            }
            m.next = null;
            m.previous = null;
        }

        @Nullable
        Member<?> takeFirst() {
            Member<?> m = first;
            if (m != null) {
                remove(m);
            }
            return m;
        }
    }

    // ---- tasks ------------------------------------------------------------------------------------------------------

    /**
     * Makes {@code future} a task.
     *
     * @param key what the member is known by, to whoever takes its outcome
     * @throws IllegalStateException when this is closed; then {@code future} is still its holder's
     */
    public <T extends @Nullable Object> Member<T> spawn(
            @Nullable Object key, Future<? extends T> future, boolean local) {
        Member<T> member = new Member<>(this, key, future);
        waiters.lock();
        boolean late = closed;
        if (!late) {
            live.addLast(member);
            member.place = Member.Place.LIVE;
            unfinished++;
        }
        waiters.unlock();
        if (late) {
            member.giveBack();
            throw new IllegalStateException("a set of tasks was closed, so " + future + " can't be spawned in it");
        }
        JoinHandle<?> handle;
        try {
            handle = local ? spawner.spawnLocal(member) : spawner.spawn(member);
        } catch (Throwable t) {
            if (leave(member)) {
                member.giveBack();
            }
            throw t;
        }
        waiters.lock();
        boolean unwanted = member.place == Member.Place.CLOSING;
        member.handle = handle;
        waiters.unlock();
        if (unwanted) {
            handle.close();
        }
        return member;
    }

    /** {@code member} was never started: {@return whether it had not ended} */
    private boolean leave(Member<?> member) {
        waiters.lock();
        boolean left = member.place == Member.Place.LIVE || member.place == Member.Place.CLOSING;
        if (left) {
            take(member);
            unfinished--;
        }
        waiters.unlock();
        wakeWhereNothingComes();
        return left;
    }

    /** Takes {@code member} out of its list. */
    private void take(Member<?> member) {
        switch (member.place) {
            case LIVE -> live.remove(member);
            case CLOSING -> closing.remove(member);
            case ENDED -> ended.remove(member);
            case NONE -> {}
        }
        member.place = Member.Place.NONE;
    }

    /** Edges 2 and 5: {@return whether nobody wants the outcome} */
    boolean ended(Member<?> member) {
        waiters.lock();
        boolean wanted = member.place == Member.Place.LIVE;
        take(member);
        unfinished--;
        member.finished = true;
        if (wanted) {
            ended.addLast(member);
            member.place = Member.Place.ENDED;
        }
        boolean last = unfinished == 0;
        waiters.unlock();
        if (wanted && !last) {
            waiters.wakeFirst();
        } else if (last) {
            waiters.wakeAll();
        }
        return !wanted;
    }

    /** {@return its handle, to be closed, or null} Of one that has ended, the outcome goes. */
    @Nullable
    JoinHandle<?> aborted(Member<?> member) {
        waiters.lock();
        member.aborted = true;
        boolean hadEnded = member.place == Member.Place.ENDED;
        boolean runs = member.place == Member.Place.LIVE;
        if (hadEnded) {
            take(member);
        } else if (runs) {
            take(member);
            closing.addLast(member);
            member.place = Member.Place.CLOSING;
        }
        JoinHandle<?> handle = runs ? member.handle : null;
        waiters.unlock();
        if (hadEnded) {
            member.letGo();
            wakeWhereNothingComes();
        }
        return handle;
    }

    /** {@return tasks that run, and outcomes that nobody has taken} */
    public int size() {
        waiters.lock();
        int n = unfinished + ended.size;
        waiters.unlock();
        return n;
    }

    boolean isWanted(Member<?> member) {
        waiters.lock();
        boolean wanted = !closed && !member.aborted;
        waiters.unlock();
        return wanted;
    }

    boolean isFinished(Member<?> member) {
        waiters.lock();
        boolean finished = member.finished;
        waiters.unlock();
        return finished;
    }

    // ---- outcomes ---------------------------------------------------------------------------------------------------

    /** Makes of an outcome what is told of it. */
    @FunctionalInterface
    public interface Teller<R extends @Nullable Object> {
        /** @param member null: there are none, and nothing runs */
        R tell(@Nullable Member<?> member);
    }

    /** {@return what {@code teller} says of the next outcome; or {@link Poll#pending()}, without any effect} */
    public Object nextNow(Context cx, Teller<? extends Object> teller) {
        if (cx.isSpent()) {
            return Poll.pending();
        }
        waiters.lock();
        Member<?> member = takeNext();
        boolean none = member != null || nothingComes();
        waiters.unlock();
        if (!none) {
            return Poll.pending();
        }
        cx.spend();
        return told(member, teller);
    }

    /** {@return a future of what {@code teller} says of the next outcome} Nothing is lost by its drop. */
    public <R> Future<R> next(Teller<R> teller) {
        return new NextEnded<>(teller);
    }

    /** Under the lock; edge 3. */
    private @Nullable Member<?> takeNext() {
        Member<?> member = ended.takeFirst();
        if (member != null) {
            member.place = Member.Place.NONE;
        }
        return member;
    }

    /** Under the lock: {@return whether there is nothing to wait for} */
    private boolean nothingComes() {
        return closed || unfinished == 0 && ended.first == null;
    }

    /** Readers that wait for what another has taken, or what is gone, have reached the end. */
    private void wakeWhereNothingComes() {
        waiters.lock();
        boolean all = nothingComes() && (!closed || unfinished == 0);
        waiters.unlock();
        if (all) {
            waiters.wakeAll();
        }
    }

    private <R extends @Nullable Object> R told(@Nullable Member<?> member, Teller<R> teller) {
        if (member != null) {
            wakeWhereNothingComes();
        }
        try {
            return teller.tell(member);
        } catch (Throwable t) { // memory, or the words of a key: the outcome is still to be told
            if (member != null && member.failure() != t) {
                putBack(member);
            }
            throw t;
        }
    }

    /** Edge 4. */
    private void putBack(Member<?> member) {
        waiters.lock();
        boolean wanted = !closed && !member.aborted;
        if (wanted) {
            ended.addFirst(member);
            member.place = Member.Place.ENDED;
        }
        waiters.unlock();
        if (wanted) {
            waiters.wakeFirst();
        } else {
            member.letGo();
        }
    }

    private final class NextEnded<R> extends OwnedFuture<R> {
        private final Teller<R> teller;
        private WaiterList.@Nullable Waiter waiter;
        private @Nullable Member<?> taken;

        NextEnded(Teller<R> teller) {
            this.teller = teller;
        }

        @Override
        protected Poll<R> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            if (waiter == null) {
                waiter = new WaiterList.Waiter(); // first: once it has been woken, it has one
            }
            waiters.lock();
            Member<?> member = takeNext();
            boolean none = member != null || nothingComes();
            if (none) {
                waiters.remove(waiter);
            } else {
                waiters.add(waiter, cx.waker());
            }
            waiters.unlock();
            if (!none) {
                cx.unspend();
                return Poll.pending();
            }
            taken = member;
            R value = told(member, teller);
            try {
                return Poll.ready(value);
            } catch (Throwable noMemory) {
                undelivered(value);
                throw noMemory;
            }
        }

        @Override
        protected void dropOwned() {
            WaiterList.Waiter mine = waiter;
            if (mine == null) {
                return;
            }
            waiters.lock();
            boolean told = !waiters.remove(mine);
            boolean handOn = told && ended.first != null;
            waiters.unlock();
            if (handOn) {
                waiters.wakeFirst();
            }
        }

        @Override
        protected void undelivered(R value) {
            if (taken != null) {
                putBack(taken);
            }
        }

        @Override
        public String toString() {
            return "the next of " + size() + " tasks";
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** Edge 1: cancels what runs, lets go of what nobody has taken; readers find the end. */
    public void close() {
        waiters.lock();
        closed = true;
        waiters.unlock();
        waiters.wakeAll(); // readers; a closer looks again
        while (true) {
            waiters.lock();
            Member<?> member = live.takeFirst();
            if (member != null) {
                closing.addLast(member);
                member.place = Member.Place.CLOSING;
            }
            waiters.unlock();
            if (member == null) {
                break;
            }
            member.closeHandle();
        }
        while (true) {
            waiters.lock();
            Member<?> member = takeNext();
            waiters.unlock();
            if (member == null) {
                return;
            }
            member.letGo();
        }
    }

    /** {@return the executor of the tasks} */
    public Spawner spawner() {
        return spawner;
    }

    /** {@return a future that closes, and is ready when all tasks have ended} */
    public Future<Void> closeAsync() {
        return new Close();
    }

    private final class Close extends OwnedFuture<Void> {
        private final WaiterList.Waiter waiter = new WaiterList.Waiter();
        private boolean asked;

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (!asked) {
                asked = true;
                close();
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
            Waker waker = cx.waker();
            waiters.lock();
            boolean ended = unfinished == 0;
            if (!ended) {
                waiters.add(waiter, waker);
            } else {
                waiters.remove(waiter);
            }
            waiters.unlock();
            if (!ended) {
                cx.unspend();
            }
            return ended ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            waiters.lock();
            waiters.remove(waiter);
            waiters.unlock();
        }

        @Override
        public String toString() {
            return "the close of " + size() + " tasks";
        }
    }
}
