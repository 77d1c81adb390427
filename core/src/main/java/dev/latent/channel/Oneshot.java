package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Waker;
import dev.latent.internal.OneThread;
import dev.latent.internal.ParkedThread;
import dev.latent.internal.Undelivered;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one value: an answer, mostly.
 *
 * {@snippet :
 * try (var answer = Oneshot.<Price>create()) {
 *     await(questions.send(new Question("tea", answer)));
 *     return await(answer.receive());
 * }
 * }
 *
 * <p>Whoever closes it gives up, on either side: so who asks closes, in a try-with-resources, and who answers does only where there will be no answer.
 * A value that was sent by then and not received goes to {@code onUndelivered}; by default it is closed if it is {@link Releasable}. Values are
 * not null.
 *
 * <p>Thread-safe, for any number of senders, of whom the first has the word, and one receiver at a time.
 *
 * <pre>
 *                          3 send (wakes)
 *             1 poll     ┌──────────────▶ Ready ── 4 poll ──▶ RECEIVED
 *   EMPTY ◀───────────▶ a Waker             ▲ ▲                  │
 *     │       2 drop                        │ └─ 5 undelivered ──┘
 *     └───────────────── 3 send ────────────┘
 *
 *   6 close: any of them ──▶ CLOSED; wakes who waits, lets go of a value that is there
 * </pre>
 *
 * <p>The state is one field, and each edge one compare-and-set of it: null, the waker of the latest poll, the {@link Poll} that the receiver will
 * give as it is, {@link #RECEIVED}, or {@link #CLOSED}.
 */
public final class Oneshot<T> implements Releasable {
    private static final Object RECEIVED = new Object();
    private static final Object CLOSED = new Object();
    private static final VarHandle STATE;
    private static final VarHandle CLOSING;

    static {
        try {
            MethodHandles.Lookup here = MethodHandles.lookup();
            STATE = here.findVarHandle(Oneshot.class, "state", Object.class);
            CLOSING = here.findVarHandle(Oneshot.class, "closing", Signal.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Consumer<? super T> onUndelivered;
    private volatile @Nullable Object state;
    private volatile @Nullable Signal closing;

    /** The thread of a local one, which needs no compare-and-set; else null. */
    private final @Nullable Object own;

    private Oneshot(boolean local, @Nullable Consumer<? super T> onUndelivered) {
        this.own = local ? OneThread.now() : null;
        this.onUndelivered = onUndelivered;
    }

    /** {@return a channel for one value} */
    public static <T> Oneshot<T> create() {
        return new Oneshot<>(false, null);
    }

    /** {@return as {@link #create()}, with what becomes of a value that nobody receives} */
    public static <T> Oneshot<T> create(Consumer<? super T> onUndelivered) {
        return new Oneshot<>(false, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return as {@link #create()}, between tasks of one thread, without an atomic instruction} The thread is the one that makes it; on any other it throws
     * {@link IllegalStateException}.
     */
    public static <T> Oneshot<T> local() {
        return new Oneshot<>(true, null);
    }

    /** {@return as {@link #local()}, with what becomes of a value that nobody receives} */
    public static <T> Oneshot<T> local(Consumer<? super T> onUndelivered) {
        return new Oneshot<>(true, Objects.requireNonNull(onUndelivered));
    }

    private boolean moves(@Nullable Object from, @Nullable Object to) {
        if (own == null) {
            return STATE.compareAndSet(this, from, to);
        }
        OneThread.check(own, this);
        boolean same = state == from;
        if (same) {
            STATE.set(this, to);
        }
        return same;
    }

    /**
     * Sends the value; never waits.
     *
     * <p><em>Memory effects:</em> what happened before is visible to who receives it.
     *
     * @return false when one was sent before, or nobody will receive it; then it is still the caller's
     */
    public boolean send(T value) {
        Poll<T> ready = Poll.ready(Objects.requireNonNull(value));
        while (true) {
            Object now = state;
            if (now != null && !(now instanceof Waker)) {
                return false;
            }
            if (moves(now, ready)) {
                if (now != null) {
                    Foreign.wake((Waker) now);
                }
                return true;
            }
        }
    }

    /**
     * {@return a future of the value} It may be asked for again after a drop.
     *
     * <p><em>Cancel safety:</em> nothing is lost. A value that was found when the future's owner was dropped is there for the next {@code receive}.
     *
     * <p><em>Throws</em> {@link ChannelClosedException} when it was closed before a value was sent, or the value has been received.
     */
    @NowOr("receiveNow")
    public Future<T> receive() {
        return new Receive();
    }

    /**
     * As {@link #receive}, if that were ready at its first poll; see {@link NowOr}.
     *
     * @return the value, or {@link Poll#pending()}
     */
    public Object receiveNow(Context cx) {
        if (!cx.isSpent() && state instanceof Poll.Ready<?> ready && moves(ready, RECEIVED)) {
            cx.spend();
            fireClosing();
            return ready.value();
        }
        return Poll.pending();
    }

    /**
     * As {@link #receive}, for a thread: blocks it until the value is there.
     *
     * @throws ChannelClosedException as {@code receive} does
     * @throws InterruptedException when this thread is interrupted; then nothing was received
     */
    public T receiveBlocking() throws InterruptedException {
        return ParkedThread.await(receive());
    }

    /**
     * {@return a future that is ready when nobody will receive a value any more: it was closed, or the value has been received}
     *
     * <p><em>Cancel safety:</em> nothing is lost; it stays true.
     */
    public Future<Void> closed() {
        return new Signal.Awaiting("closed of a oneshot", this::closing);
    }

    private @Nullable Signal closing() {
        if (closing == null) {
            CLOSING.compareAndSet(this, null, new Signal());
        }
        return isClosed() ? null : closing; // who ends it after this look sees the signal
    }

    /** {@return whether nobody will receive a value any more} */
    public boolean isClosed() {
        return isOver(state);
    }

    private static boolean isOver(@Nullable Object now) {
        return now == RECEIVED || now == CLOSED;
    }

    /** Gives up, for both sides; closing twice does nothing. */
    @Override
    public void close() {
        while (true) {
            Object now = state;
            if (now == CLOSED) {
                return;
            }
            if (moves(now, CLOSED)) {
                fireClosing();
                if (now instanceof Waker waker) {
                    Foreign.wake(waker);
                } else if (now instanceof Poll.Ready<?> ready) {
                    undelivered(ready.value());
                }
                return;
            }
        }
    }

    private void fireClosing() {
        Signal signal = closing;
        if (signal != null) {
            signal.fire();
        }
    }

    @SuppressWarnings("unchecked")
    private void undelivered(Object value) {
        Undelivered.give(onUndelivered, (T) value, this);
    }

    @Override
    public String toString() {
        Object now = state;
        return "oneshot" + (isOver(now) ? ", closed" : now instanceof Poll.Ready<?> ? ", sent" : ", empty");
    }

    private final class Receive extends OwnedFuture<T> {
        /** What this one has left there. */
        private @Nullable Waker waker;

        @Override
        @SuppressWarnings("unchecked")
        protected Poll<T> pollOwned(Context cx) {
            while (true) {
                Object now = state;
                if (isOver(now)) {
                    throw new ChannelClosedException(
                            now == CLOSED
                                    ? "this oneshot was closed without a value"
                                    : "the value of this oneshot has been received");
                }
                if (now instanceof Poll.Ready<?>) {
                    if (!cx.spend()) {
                        return Poll.pending();
                    }
                    if (moves(now, RECEIVED)) {
                        fireClosing();
                        return (Poll<T>) now;
                    }
                } else if (now != null && now != waker && now != cx.waker()) {
                    throw new IllegalStateException("two tasks receive from one oneshot, which has one value");
                } else if (now == cx.waker() || moves(now, cx.waker())) {
                    waker = cx.waker();
                    return Poll.pending();
                }
            }
        }

        @Override
        protected void dropOwned() {
            if (waker != null) {
                moves(waker, null);
            }
        }

        /** Edge 6: nobody has had it. */
        @Override
        protected void undelivered(T value) {
            boolean back;
            try {
                back = moves(RECEIVED, Poll.ready(value));
            } catch (OutOfMemoryError e) {
                back = false;
            }
            if (!back) {
                Oneshot.this.undelivered(value);
            }
        }

        @Override
        public String toString() {
            return "receive of a oneshot";
        }
    }
}
