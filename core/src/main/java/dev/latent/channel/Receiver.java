package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Next;
import dev.latent.Now;
import dev.latent.NowOr;
import dev.latent.Source;
import java.util.List;

/**
 * A receiving side of a {@link Channel}. Each message goes to one receiver, to whoever has waited longest. It is counted: as the last one closes, the channel
 * does too, and what is left in it goes to {@code onUndelivered}.
 *
 * <p>Thread-safe, and several may wait by the same receiver. <em>Memory effects</em> of each way to receive: what the sender did before is visible.
 *
 * <p><em>Cancel safety</em> of each future: nothing is lost. A message that was found when the future's owner was dropped comes first
 * the next time; once it can't be put back, since the last receiver has closed, it goes to {@code onUndelivered}.
 */
public interface Receiver<T> extends Source<T> {
    /** {@return a future of the next message, or of the end: the channel is closed, or this receiver, and nothing is left} */
    @Override
    @NowOr("nextNow")
    Future<Next<T>> next();

    @Override
    Object nextNow(Context cx);

    /**
     * {@return a future of the next message}
     *
     * <p><em>Throws</em> {@link ChannelClosedException} at the end.
     */
    @NowOr("receiveNow")
    Future<T> receive();

    /**
     * As {@link #receive}, if that were ready at its first poll; see {@link NowOr}.
     *
     * @return the message, or {@link dev.latent.Poll#pending()}
     */
    Object receiveNow(Context cx);

    /** {@return the next message, if there is one for who comes now; it is not taken from those who wait} */
    Now<T> tryReceive();

    /**
     * {@return a future of how many messages it has added to {@code into}: as many as were there, at least one, or 0 at the end} If {@code into}
     * refuses them, that is thrown, and they are not lost.
     *
     * @param max messages to add
     * @throws IllegalArgumentException when {@code max} is not at least 1
     */
    Future<Integer> receiveMany(List<? super T> into, int max);

    /**
     * As {@link #next}, for a thread: blocks it while there is nothing. A task awaits {@code next}, and is not to block.
     *
     * @throws InterruptedException when this thread is interrupted; then nothing was received
     */
    Next<T> nextBlocking() throws InterruptedException;

    /**
     * As {@link #receive}, for a thread: blocks it while there is nothing.
     *
     * @throws ChannelClosedException at the end
     * @throws InterruptedException when this thread is interrupted; then nothing was received
     */
    T receiveBlocking() throws InterruptedException;

    /** {@return how many messages are in the channel now} */
    int size();

    /** Gives it up. Who waits by it hears of the end. */
    @Override
    void close();
}
