package dev.latent.stream;

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.internal.Sneaky;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#from(Flow.Publisher)}: a subscriber that leaves what it is told to the polls of the stream.
 *
 * <p>The publisher's threads only write {@link #arrived}, {@link #ended} and {@link #subscription}, and then wake; all calls of the subscription come from
 * polls, one after the other. A value that comes after the cancellation, or at the same moment, is let go by whoever sees both: each side writes before it reads.
 */
final class FromPublisher<T> extends Leaf<T> implements Flow.Subscriber<T> {
    /** Values that are asked for ahead. Two goals: few calls of the publisher, and little that is in vain when the stream is dropped. */
    static final int AHEAD = 32;

    private static final Object COMPLETE = new Object();

    private final int ahead;
    private final Queue<T> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicWaker waiting = new AtomicWaker();
    private Flow.@Nullable Publisher<? extends T> publisher;
    private volatile Flow.@Nullable Subscription subscription;

    /** {@link #COMPLETE}, or the failure. */
    private volatile @Nullable Object ended;

    private volatile boolean cancelled;

    /** Values that were asked for and have not been taken; 0 before the first request. */
    private int requested;

    /** Who is told of what nobody else is. */
    private @Nullable Spawner home;

    FromPublisher(Flow.Publisher<? extends T> publisher, int ahead) {
        super("from a Publisher");
        this.publisher = publisher;
        this.ahead = ahead;
    }

    // ---- polls ------------------------------------------------------------------------------------------------------

    @Override
    @Nullable
    Object advance(Context cx) {
        home = cx.spawner();
        if (publisher != null) {
            if (nowOnly) {
                return PENDING;
            }
            Flow.Publisher<? extends T> of = publisher;
            publisher = null;
            of.subscribe(this);
        }
        Object value = next(cx);
        if (value == NONE && !nowOnly) {
            waiting.register(cx.waker());
            value = next(cx);
        }
        return value == NONE ? PENDING : value;
    }

    private @Nullable Object next(Context cx) {
        Flow.Subscription asked = subscription;
        if (asked != null && requested <= ahead / 2) {
            int more = ahead - requested;
            requested = ahead;
            asked.request(more);
        }
        Object end = ended; // before the look at the queue, to which nothing is added after it
        if (arrived.isEmpty()) {
            if (end == null) {
                return NONE;
            }
            waiting.take();
            if (end == COMPLETE) {
                return END;
            }
            ended = COMPLETE; // it is told
            throw Sneaky.rethrow((Throwable) end);
        }
        if (!cx.spend()) {
            return PENDING;
        }
        requested--;
        return arrived.poll();
    }

    @Override
    void disposeNow() {
        publisher = null;
        if (cancelled) {
            return;
        }
        cancelled = true;
        waiting.take();
        Flow.Subscription live = subscription;
        if (live != null && ended == null) {
            Foreign.call(home, live, ", cancelled by " + this, live::cancel);
        }
        if (ended instanceof Throwable untold) {
            Owners.report(home, this, ", dropped", untold);
        }
        letGo();
    }

    private void letGo() {
        while (arrived.poll() instanceof Object value) {
            discard(value);
        }
    }

    // ---- the publisher's threads ------------------------------------------------------------------------------------

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given);
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        if (cancelled) {
            given.cancel();
        }
        waiting.wake();
    }

    @Override
    public void onNext(T value) {
        arrived.add(Objects.requireNonNull(value));
        if (cancelled) {
            letGo();
        }
        waiting.wake();
    }

    @Override
    public void onError(Throwable failure) {
        ended = Objects.requireNonNull(failure);
        waiting.wake();
    }

    @Override
    public void onComplete() {
        ended = COMPLETE;
        waiting.wake();
    }
}
