package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A place where tasks wait for each other: they go on when so many of them are there; then it begins anew. Unlike
 * {@link java.util.concurrent.CyclicBarrier} it does not break: who leaves before they are all there is counted no more.
 */
public final class Barrier {
    private static final Poll<Boolean> LAST = Poll.ready(true);
    private static final Poll<Boolean> NOT_LAST = Poll.ready(false);

    private final int parties;
    private final Line line = new Line();

    /** Under the line's lock. */
    private int there;

    private Barrier(int parties) {
        this.parties = parties;
    }

    /**
     * {@return a barrier for so many}
     *
     * @throws IllegalArgumentException when they are fewer than one
     */
    public static Barrier of(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("a barrier for at least one, not " + parties);
        }
        return new Barrier(parties);
    }

    /**
     * {@return a future that is ready when so many have been polled: true for the last of them} It counts from its first poll on.
     *
     * <p><em>Cancel safety:</em> dropped before they are all there, it is counted no more.
     *
     * <p><em>Memory effects:</em> what happened in each before it came is visible to all who go on.
     */
    public Future<Boolean> arrive() {
        return new Arriving();
    }

    @Override
    public String toString() {
        return "Barrier of " + parties;
    }

    private final class Arriving extends WaitFuture<Boolean> {
        @Override
        Line line() {
            return line;
        }

        @Override
        boolean passes() {
            return false;
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            line.list.lock();
            if (there + 1 < parties) {
                there++;
                line.list.add(entry, waker);
                line.list.unlock();
                return true;
            }
            there = 0;
            Entry told = line.tellAll(Entry.TOLD);
            line.list.unlock();
            entry.tell(Entry.TOLD_ALL);
            Line.wake(told);
            return false;
        }

        @Override
        Poll<Boolean> outcome(Context cx, @Nullable Entry entry) {
            return entry != null && entry.told() == Entry.TOLD_ALL ? LAST : NOT_LAST;
        }

        @Override
        void leave(Entry entry) {
            line.list.lock();
            if (line.list.remove(entry)) {
                there--;
            }
            line.list.unlock();
        }

        @Override
        public String toString() {
            return "arrival at " + Barrier.this;
        }
    }
}
