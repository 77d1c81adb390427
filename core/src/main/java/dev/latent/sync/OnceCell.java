package dev.latent.sync;

import dev.latent.AsyncCallable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place for one value, which is made by the first task that wants it, while the others wait.
 *
 * {@snippet :
 * var token = await(cell.getOrInit(() -> await(login())));
 * }
 *
 * <p>When who makes it fails or is dropped, the next who waits makes it, by its own way. Where there is one way, {@link LazyAsync} keeps
 * it. A value that needs itself, or two that need each other, never come; tasks that wait so are {@linkplain dev.latent.task.Deadlocks reported}.
 *
 * @param <T> the value
 */
public final class OnceCell<T extends @Nullable Object> {
    private static final Object NONE = new Object();

    /** One permit: that of who makes the value. Closed once it is there, so everybody who waits is told. */
    private final LockCore turn = new LockCore("OnceCell", null, null, 1, 0);

    private volatile @Nullable Object value = NONE;

    private OnceCell() {}

    /** {@return an empty one} */
    public static <T extends @Nullable Object> OnceCell<T> create() {
        return new OnceCell<>();
    }

    /** {@return the value, if it is there} */
    public Optional<T> get() {
        Object now = value;
        return now == NONE ? Optional.empty() : Optional.ofNullable(cast(now));
    }

    /** {@return whether the value is there} */
    public boolean isSet() {
        return value != NONE;
    }

    /** {@return whether {@code value} was put in: false when one is there, or is being made} */
    public boolean set(T value) {
        boolean mine = turn.tryTake(1);
        if (mine) {
            put(value);
        }
        return mine;
    }

    /**
     * {@return a future of the value, which {@code init} makes if there is none and nobody makes it}
     *
     * <p><em>Cancel safety:</em> dropped while it waits, it leaves its place; dropped while it makes the value, what it does is dropped,
     * cleanup included, and then the next who waits makes it.
     *
     * <p><em>Memory effects:</em> what happened as the value was made is visible to who gets it.
     *
     * <p><em>Throws</em> what {@code init} throws; then there is no value still.
     */
    @NowOr("getOrInitNow")
    public Future<T> getOrInit(AsyncCallable<? extends T> init) {
        return new Getting(init);
    }

    /** As {@link #getOrInit}, if that were ready at its first poll; see {@link NowOr}. */
    public @Nullable Object getOrInitNow(AsyncCallable<? extends T> init, Context cx) {
        Object now = value;
        return now == NONE || !isOwed(cx) ? Poll.pending() : now;
    }

    private static boolean isOwed(Context cx) {
        return !cx.isSpent() && cx.spend();
    }

    private void put(@Nullable Object made) {
        turn.holds(LockCore.UNKNOWN); // and nobody is kept for it
        value = made;
        turn.close();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it is what was put in, a T
    private T cast(@Nullable Object now) {
        return (T) now;
    }

    @Override
    public String toString() {
        return "OnceCell, " + (isSet() ? "set" : turn.permits() == 0 ? "being set" : "empty");
    }

    private final class Getting extends OwnedFuture<T> {
        private final AsyncCallable<? extends T> init;

        /** While it waits for its turn. */
        private @Nullable Entry entry;

        /** While it makes the value. */
        private @Nullable Future<T> making;

        Getting(AsyncCallable<? extends T> init) {
            this.init = init;
        }

        @Override
        protected Poll<T> pollOwned(Context cx) throws Exception {
            if (making == null) {
                if (!cx.spend()) {
                    return Poll.pending();
                }
                if (value == NONE && !isMyTurn(cx)) {
                    cx.unspend();
                    return Poll.pending();
                }
                if (value != NONE) {
                    return Poll.ready(cast(value));
                }
                make();
            }
            return pollMaking(cx, java.util.Objects.requireNonNull(making));
        }

        /** {@return whether it may make the value, or that is there} */
        private boolean isMyTurn(Context cx) {
            Entry mine = entry;
            if (mine == null) {
                if (turn.tryTake(1)) {
                    return true;
                }
                mine = new Entry(1);
                turn.isWaitedFor(); // before it waits: what throws then has left nothing behind
                if (!turn.waits(mine, cx.waker(), false)) {
                    return true;
                }
                entry = mine;
                return false;
            }
            if (mine.told() == Entry.WAITS && turn.stays(mine, cx.waker())) {
                return false;
            }
            mine.tell(Entry.TAKEN);
            entry = null;
            return true;
        }

        private void make() {
            try {
                Future<T> body = Owners.call(init);
                Owners.claim(body, this);
                making = body;
            } catch (Throwable t) {
                turn.give(1);
                throw t;
            }
        }

        private Poll<T> pollMaking(Context cx, Future<T> body) throws Exception {
            turn.holds(cx.waker());
            Poll<T> poll;
            try {
                poll = Owners.poll(body, this, cx);
            } catch (Throwable t) {
                if (!isBeingPolled()) {
                    over();
                }
                throw t;
            }
            if (poll instanceof Poll.Ready<T>(var made)) {
                making = null;
                put(made);
            }
            return poll;
        }

        private void over() {
            making = null;
            turn.give(1);
        }

        @Override
        protected void dropOwned() {
            if (making != null) {
                try {
                    Owners.drop(making, this);
                } finally {
                    over();
                }
            }
            leave();
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            if (making != null) {
                boolean ended = true;
                try {
                    ended = Owners.pollDrop(making, this, cx).isReady();
                } finally {
                    if (ended && !isBeingPolled()) {
                        over();
                    }
                }
                if (!ended) {
                    return Poll.pending();
                }
            }
            leave();
            return Poll.done();
        }

        private void leave() {
            Entry mine = entry;
            entry = null;
            if (mine != null) {
                turn.leave(mine);
            }
        }

        /** It stays in the cell. */
        @Override
        protected void undelivered(T made) {}

        @Override
        protected List<? extends Future<?>> children() {
            return making == null ? List.of() : List.of(making);
        }

        @Override
        protected @Nullable Object waitsFor() {
            return entry == null ? null : turn;
        }

        @Override
        protected boolean isBeingPolled() {
            return making != null && Owners.isBeingPolled(making);
        }

        @Override
        public String toString() {
            return "value of a " + OnceCell.this;
        }
    }
}
