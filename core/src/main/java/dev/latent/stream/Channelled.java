package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
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
        work(cx);
        Object value = source.advance(cx);
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
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        if (body != null) {
            drop(body, this);
            ended();
        }
        source.disposeNow();
    }

    @Override
    void children(List<Future<?>> into) {
        if (body != null) {
            into.add(body);
        }
        super.children(into);
    }
}
