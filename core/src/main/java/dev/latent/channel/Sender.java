package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NowOr;
import dev.latent.Releasable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a {@link Channel}. The channel itself is one, that is not counted; {@link #newSender} makes those that are, the last of which
 * closes the channel as it is closed. Values are not null.
 *
 * <p>Thread-safe. <em>Memory effects</em> of each way to send: what happened before is visible to who receives the value.
 */
public interface Sender<T> extends Releasable {
    /**
     * {@return a future that is ready when the channel has {@code value}} It waits while the channel is full, behind those who came before.
     *
     * <p><em>Cancel safety:</em> the value is the channel's only once this is ready. Dropped, failed or never awaited, nothing was sent and the
     * value is its holder's, to be sent again or closed: so {@code timeout(t, tx.send(connection))} that comes too late leaves the connection open.
     *
     * <p><em>Throws</em> {@link ChannelClosedException} when the channel is closed, also while this waits.
     */
    @NowOr("sendNow")
    Future<Void> send(T value);

    /**
     * As {@link #send}, if that were ready at its first poll; see {@link NowOr}.
     *
     * @return null, or {@link dev.latent.Poll#pending()}
     */
    @Nullable
    Object sendNow(T value, Context cx);

    /** {@return what became of {@code value}, which is sent if that needs no wait} */
    Sent trySend(T value);

    /**
     * {@return a future of a place for one message}
     *
     * <p><em>Cancel safety:</em> a place that is dropped on its way, before or after this was ready, goes to the next who waits.
     *
     * <p><em>Throws</em> {@link ChannelClosedException} when the channel is closed, also while this waits.
     */
    Future<Permit<T>> reserve();

    /**
     * As {@link #reserve}, for {@code n} messages at once. Who comes later waits behind it, however few it wants.
     *
     * @throws IllegalArgumentException when {@code n} is not at least 1, or more than a bounded channel ever holds
     */
    Future<Permit<T>> reserveMany(int n);

    /** {@return a place for one message, if that needs no wait}; empty also when nothing can be sent any more. */
    Optional<Permit<T>> tryReserve();

    /**
     * As {@link #send}, for a thread: blocks it while the channel is full. A task awaits {@code send}, and is not to block.
     *
     * @throws ChannelClosedException when the channel is closed
     * @throws InterruptedException when this thread is interrupted; then nothing was sent
     */
    void sendBlocking(T value) throws InterruptedException;

    /**
     * {@return a sender that is counted: as the last of those closes, so does the channel}
     *
     * @throws ChannelClosedException when the channel is closed
     */
    Sender<T> newSender();

    /** {@return what makes new senders as long as there are others, and is not counted itself} */
    WeakSender<T> weak();

    /**
     * {@return a future that is ready when nothing can be sent any more, since the channel was closed, or its last receiver has}
     *
     * <p><em>Cancel safety:</em> nothing is lost; it stays true.
     */
    Future<Void> closed();

    /** {@return whether nothing can be sent any more} */
    boolean isClosed();

    /** Of the channel itself: nothing can be sent any more. Of a counted sender: gives it up. */
    @Override
    void close();
}
