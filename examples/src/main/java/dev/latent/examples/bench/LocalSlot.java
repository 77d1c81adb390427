package dev.latent.examples.bench;

import dev.latent.Context;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/** A slot between two tasks of one thread. */
final class LocalSlot<T> extends Slot<T> {
    private @Nullable T value;
    private boolean closed;
    private @Nullable Waker sender;
    private @Nullable Waker receiver;

    @Override
    void close() {
        closed = true;
        if (receiver != null) {
            receiver.wake();
        }
    }

    @Override
    boolean put(T sent, Context cx) {
        if (value != null) {
            sender = cx.waker();
            return false;
        }
        value = sent;
        Waker waiting = receiver;
        if (waiting != null) {
            receiver = null;
            waiting.wake();
        }
        return true;
    }

    @Override
    @Nullable
    T take(Context cx) {
        T received = value;
        if (received == null) {
            receiver = cx.waker();
            return null;
        }
        value = null;
        Waker waiting = sender;
        if (waiting != null) {
            sender = null;
            waiting.wake();
        }
        return received;
    }

    @Override
    boolean isClosed() {
        return closed;
    }

    @Override
    void forgetSender() {
        sender = null;
    }

    @Override
    void forgetReceiver() {
        receiver = null;
    }
}
