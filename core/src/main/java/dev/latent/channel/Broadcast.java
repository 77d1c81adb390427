package dev.latent.channel;

import dev.latent.Item;
import dev.latent.Releasable;
import dev.latent.WaiterList;
import dev.latent.channel.Heard.Message;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel in which every subscriber hears every message. Who sends never waits: the latest messages are kept, and a subscriber that is slower is
 * told how many it has {@linkplain Heard.Lagged missed}.
 *
 * {@snippet :
 * var news = Broadcast.<String>of(64);
 * try (var mine = news.subscribe()) {
 *     news.send("sale");
 *     …
 * }
 * }
 *
 * <p>A message belongs to nobody: it is neither closed nor given to anyone if nobody hears it. It is kept until it is overwritten,
 * or the last subscriber leaves. Values are not null. Thread-safe.
 *
 * <p>Messages are numbered. The ring holds the last {@code capacity} of them, as what subscribers will be given, so that to hear one takes no memory;
 * each subscription has the number of the one that it hears next. All fields are guarded by the lock of {@code waiting}.
 */
public final class Broadcast<T> implements Releasable {
    private static final int FIRST_LENGTH = 8;

    final WaiterList waiting = WaiterList.create();
    private final int capacity;

    /** Message n is at n modulo its length. */
    private @Nullable Object[] ring;

    private long sent;

    /** Those before are gone, since nobody was there to hear them. */
    private long first;

    private int subscribers;
    private boolean closed;

    private Broadcast(int capacity) {
        this.capacity = capacity;
        this.ring = new @Nullable Object[Math.min(capacity, FIRST_LENGTH)];
    }

    /**
     * {@return a channel that keeps the last {@code capacity} messages}
     *
     * @throws IllegalArgumentException when that is not at least 1
     */
    public static <T> Broadcast<T> of(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("Broadcast.of(" + capacity + "): at least 1");
        }
        return new Broadcast<>(capacity);
    }

    /** {@return a new subscription, to what is sent from now on}; it has its end at once when this is closed. */
    public Subscription<T> subscribe() {
        Subscription<T> subscription = new Subscription<>(this);
        waiting.lock();
        subscribers++;
        subscription.from(sent);
        waiting.unlock();
        return subscription;
    }

    /**
     * Sends {@code value} to all who have subscribed; never waits.
     *
     * <p><em>Memory effects:</em> what happened before is visible to who hears it.
     *
     * @return how many there are; 0 also when this is closed
     */
    public int send(T value) {
        Item<Heard<T>> item = new Item<>(new Message<>(Objects.requireNonNull(value)));
        int hear;
        waiting.lock();
        try {
            hear = closed ? 0 : subscribers;
            if (hear > 0) {
                if (sent - oldest() == ring.length && ring.length < capacity) {
                    grow();
                }
                ring[(int) (sent % ring.length)] = item;
                sent++;
            }
        } finally {
            waiting.unlock();
        }
        if (hear > 0) {
            waiting.wakeAll();
        }
        return hear;
    }

    private void grow() {
        @Nullable Object[] longer = new @Nullable Object[(int) Math.min(capacity, 2L * ring.length)];
        for (long n = oldest(); n < sent; n++) {
            longer[(int) (n % longer.length)] = ring[(int) (n % ring.length)];
        }
        ring = longer;
    }

    /** {@return how many subscribe now} */
    public int subscribers() {
        waiting.lock();
        int now = subscribers;
        waiting.unlock();
        return now;
    }

    /** {@return whether nothing can be sent any more} */
    public boolean isClosed() {
        waiting.lock();
        boolean now = closed;
        waiting.unlock();
        return now;
    }

    /** Nothing can be sent any more; subscribers hear what was sent, and then the end. Closing twice does nothing. */
    @Override
    public void close() {
        waiting.lock();
        closed = true;
        waiting.unlock();
        waiting.wakeAll();
    }

    // ---- under the lock ---------------------------------------------------------------------------------------------

    long sent() {
        return sent;
    }

    /** {@return the number of the oldest message that is kept} */
    long oldest() {
        return Math.max(first, sent - capacity);
    }

    @SuppressWarnings("unchecked")
    Item<Heard<T>> at(long number) {
        return (Item<Heard<T>>) Objects.requireNonNull(ring[(int) (number % ring.length)]);
    }

    boolean hasClosed() {
        return closed;
    }

    void unsubscribe() {
        if (--subscribers == 0) {
            java.util.Arrays.fill(ring, null);
            first = sent;
        }
    }

    @Override
    public String toString() {
        return "Broadcast.of(" + capacity + ")";
    }
}
