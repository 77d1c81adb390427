package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.internal.ParkedThread;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks, and threads: many may send, many may receive, and each message goes to one of them.
 *
 * {@snippet :
 * var jobs = Channel.<String>bounded(128);
 *
 * await(jobs.send("a"));                                                     // waits while it is full
 *
 * try (var inbox = jobs.receiver()) {
 *     while (await(inbox.next()) instanceof Item(var job)) await(handle(job));   // until the channel is closed
 * }
 * }
 *
 * <p><b>Ends.</b> The channel itself sends, and is not counted: it is open until {@link #close}. If there are {@linkplain #newSender counted
 * senders}, the last of them to close closes it too. Then what was sent is still received, and behind it comes the end. Before there is a
 * receiver, messages are kept for it; when the last one has closed, the channel is closed for good.
 *
 * <p><b>What nobody receives</b>, left behind by the last receiver or pushed out of a channel that drops, goes to the {@code onUndelivered} with which the channel was made.
 * It may run on any thread, under no lock, and one that throws keeps no other from its message. By default what is
 * {@link dev.latent.Releasable} is closed.
 *
 * <p><b>Beside</b> {@link java.util.concurrent.ArrayBlockingQueue}: it ends, a wait costs no thread, and is cancelled by dropping it. Left out
 * are iterators, {@code peek} and {@code remove}.
 */
public final class Channel<T> extends Ends<T> implements Sender<T> {
    private Channel(Kind kind, int capacity, @Nullable Consumer<? super T> onUndelivered) {
        super(kind, capacity, onUndelivered);
    }

    private static <T> Channel<T> make(Kind kind, int capacity, @Nullable Consumer<? super T> onUndelivered) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    kind.name(capacity) + ": at least 1; a channel without places is Channel.rendezvous()");
        }
        return new Channel<>(kind, capacity, onUndelivered);
    }

    /**
     * {@return a channel for {@code capacity} messages; who sends more waits}
     *
     * @throws IllegalArgumentException when that is not at least 1
     */
    public static <T> Channel<T> bounded(int capacity) {
        return make(Kind.BOUNDED, capacity, null);
    }

    /** {@return as {@link #bounded(int)}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> bounded(int capacity, Consumer<? super T> onUndelivered) {
        return make(Kind.BOUNDED, capacity, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return as {@link #bounded(int)}, between tasks of one thread, without an atomic instruction} The thread is the one that makes it; on any other it throws
     * {@link IllegalStateException}. Of such a channel no lost handle is reported.
     *
     * @throws IllegalArgumentException when {@code capacity} is not at least 1
     */
    public static <T> Channel<T> local(int capacity) {
        return make(Kind.LOCAL, capacity, null);
    }

    /** {@return as {@link #local(int)}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> local(int capacity, Consumer<? super T> onUndelivered) {
        return make(Kind.LOCAL, capacity, Objects.requireNonNull(onUndelivered));
    }

    /** {@return a channel in which there is always a place: who sends faster than others receive fills the memory} */
    public static <T> Channel<T> unbounded() {
        return new Channel<>(Kind.UNBOUNDED, Integer.MAX_VALUE, null);
    }

    /** {@return as {@link #unbounded()}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> unbounded(Consumer<? super T> onUndelivered) {
        return new Channel<>(Kind.UNBOUNDED, Integer.MAX_VALUE, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return a channel that holds nothing: who sends waits until somebody waits to receive}
     *
     * <p>So {@code trySend} succeeds only where a receiver waits, and {@code tryReceive}, which does not wait, finds nothing. If a receiver is dropped
     * just when a message has been sent to it, the next one gets it.
     */
    public static <T> Channel<T> rendezvous() {
        return new Channel<>(Kind.RENDEZVOUS, 0, null);
    }

    /** {@return as {@link #rendezvous()}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> rendezvous(Consumer<? super T> onUndelivered) {
        return new Channel<>(Kind.RENDEZVOUS, 0, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return a channel for {@code capacity} messages; who sends more never waits, and pushes the oldest out}
     *
     * @throws IllegalArgumentException when that is not at least 1
     */
    public static <T> Channel<T> dropOldest(int capacity) {
        return make(Kind.DROP_OLDEST, capacity, null);
    }

    /** {@return as {@link #dropOldest(int)}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> dropOldest(int capacity, Consumer<? super T> onUndelivered) {
        return make(Kind.DROP_OLDEST, capacity, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return a channel for {@code capacity} messages; who sends more never waits, and what it sends is dropped}
     *
     * @throws IllegalArgumentException when that is not at least 1
     */
    public static <T> Channel<T> dropLatest(int capacity) {
        return make(Kind.DROP_LATEST, capacity, null);
    }

    /** {@return as {@link #dropLatest(int)}, with what becomes of messages that nobody receives} */
    public static <T> Channel<T> dropLatest(int capacity, Consumer<? super T> onUndelivered) {
        return make(Kind.DROP_LATEST, capacity, Objects.requireNonNull(onUndelivered));
    }

    /**
     * {@return a new receiver}
     *
     * @throws ChannelClosedException when the last one has closed
     */
    public Receiver<T> receiver() {
        return new Inbox<>(this);
    }

    @Override
    public Future<Void> send(T value) {
        return new Sending.Send<>(this, Objects.requireNonNull(value));
    }

    @Override
    public @Nullable Object sendNow(T value, Context cx) {
        if (cx.isSpent() || seemsFull() || offer(Objects.requireNonNull(value)) != Sent.SENT) {
            return Poll.pending();
        }
        cx.spend();
        return null;
    }

    @Override
    public Sent trySend(T value) {
        return offer(Objects.requireNonNull(value));
    }

    @Override
    public Future<Permit<T>> reserve() {
        return new Sending.Reserve<>(this, 1);
    }

    @Override
    public Future<Permit<T>> reserveMany(int n) {
        if (n < 1 || kind.isBounded() && n > capacity) {
            throw new IllegalArgumentException("reserveMany(" + n + "): at least 1"
                    + (n < 1 ? "" : ", and at most the " + capacity + " that " + this + " ever has"));
        }
        return new Sending.Reserve<>(this, n);
    }

    @Override
    public Optional<Permit<T>> tryReserve() {
        if (!borrow()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Permit<>(this, 1));
        } catch (Throwable noMemory) {
            giveBack(1);
            throw noMemory;
        }
    }

    @Override
    public void sendBlocking(T value) throws InterruptedException {
        ParkedThread.await(send(value));
    }

    @Override
    public Sender<T> newSender() {
        return new CountedSender<>(this);
    }

    @Override
    public WeakSender<T> weak() {
        return new WeakSender<>(this);
    }

    @Override
    public Future<Void> closed() {
        return new Signal.Awaiting("closed of " + this, this::closing);
    }

    /**
     * Closes it for all: nothing can be sent any more, sends that wait fail, what was sent and what {@linkplain Permit permits} will send is
     * received. Closing twice does nothing.
     */
    @Override
    public void close() {
        closeSending();
    }
}
