package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import dev.latent.channel.Sender;
import dev.latent.internal.Sneaky;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link AsyncStream#channel}: what a body, and those to whom it has given senders, send. The body runs whenever the stream is polled, beside the reading; when it has ended, its own
 * sender is closed. Its failure closes the channel for all, and stands behind what was sent.
 */
final class Channelled<T> extends Linear<T, T> {
    private final Channel<T> channel;
    private final Sender<T> sender;
    private @Nullable Future<?> body;
    private @Nullable Throwable failure;

    /** Who is told of what nobody else is. */
    private @Nullable Spawner home;

    /** The body has spent all of the budget: the next is for what was sent. */
    private boolean readFirst;

    Channelled(Channel<T> channel, Object body) {
        super("channel", AsyncStream.from(channel.receiver()));
        this.channel = channel;
        this.sender = channel.newSender();
        this.body = Owners.call(body, sender);
        Owners.claim(this.body, this);
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        Object value = readFirst ? source.advance(cx) : PENDING;
        readFirst = false;
        if (value == PENDING) {
            boolean wasSpent = cx.isSpent();
            work(cx);
            readFirst = !wasSpent && cx.isSpent();
            value = source.advance(cx);
        }
        if (value != END) {
            return value;
        }
        if (failure != null) {
            Throwable told = failure;
            failure = null;
            throw Sneaky.rethrow(told);
        }
        return body == null ? END : PENDING;
    }

    @Override
    void work(Context cx) {
        if (body == null) {
            return;
        }
        try {
            if (Owners.pollRaw(body, this, cx) != PENDING) {
                ended();
            }
        } catch (Throwable t) {
            failure = t;
            home = cx.spawner();
            ended();
            channel.close();
        }
    }

    private void ended() {
        body = null;
        sender.close();
    }

    @Override
    boolean dispose(Context cx) {
        if (body != null) {
            if (!drop(body, this, cx)) {
                return false;
            }
            ended();
        }
        reportUntold();
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        if (body != null) {
            drop(body, this);
            ended();
        }
        source.disposeNow();
        reportUntold();
    }

    /** The body has failed, and nobody has come as far as that. */
    private void reportUntold() {
        if (failure != null) {
            Throwable untold = failure;
            failure = null;
            Owners.report(home, this, ", dropped", untold);
        }
    }

    @Override
    void children(List<Future<?>> into) {
        if (body != null) {
            into.add(body);
        }
        super.children(into);
    }
}
