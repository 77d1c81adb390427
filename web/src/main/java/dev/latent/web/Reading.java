package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A future that reads a {@link FramedSocket}: it answers pings and pays what {@link Outgoing} owes while it is at it. */
abstract class Reading<T extends @Nullable Object> extends OwnedFuture<T> {
    final FramedSocket socket;

    /** While it is the reader; under the monitor of {@link Outgoing}. */
    @Nullable
    Waker waker;

    private @Nullable Future<Void> readable;
    private @Nullable Send debts;

    Reading(FramedSocket socket) {
        this.socket = socket;
    }

    /**
     * {@return the next message, or the peer's close frame; null while there is none}
     *
     * @throws IOException when there will be none; {@link FramedSocket#end} tells why
     */
    final @Nullable Incoming pollIncoming(Context cx) throws Exception {
        socket.checkWelcome();
        payDebts(cx);
        while (true) {
            Incoming next;
            if (socket.hasKept()) {
                if (!cx.spend()) {
                    return null;
                }
                next = socket.decodeKept(cx);
            } else {
                if (!pollReadable(cx)) { // which spends for the first frame
                    return null;
                }
                next = socket.decodeNew(cx);
            }
            switch (next) {
                case Message message -> {
                    return message;
                }
                case Incoming.Close close -> {
                    socket.closedByPeer(close);
                    return close;
                }
                case Incoming.Ping(var payload) -> {
                    socket.owePong(payload);
                    payDebts(cx);
                }
                case Incoming.Pong(var payload) -> socket.ponged(payload);
                case null -> {}
            }
        }
    }

    /** {@return whether reading is worth a try} */
    final boolean pollReadable(Context cx) throws Exception {
        Future<Void> waiting = readable;
        if (waiting == null) {
            waiting = socket.stream().readable();
            Owners.claim(waiting, this);
            readable = waiting;
        }
        try {
            if (!Owners.poll(waiting, this, cx).isReady()) {
                return false;
            }
        } catch (IOException e) {
            readable = null;
            throw socket.broken("the connection broke", e);
        }
        readable = null;
        return true;
    }

    /** {@return whether nothing is due any more, as far as this future is the one to pay} */
    final boolean payDebts(Context cx) throws Exception {
        if (debts == null) {
            if (!socket.orphaned) {
                return true;
            }
            debts = Send.debts(socket);
            Owners.claim(debts, this);
        }
        try {
            if (!Owners.poll(debts, this, cx).isReady()) {
                return false;
            }
        } catch (IOException e) {
            // nothing can be paid any more; reading finds the connection's end by itself
        }
        debts = null;
        return true;
    }

    /** Gives everything back, at the end or when dropped. */
    final void finishReading() {
        if (readable != null) {
            Owners.drop(readable, this);
            readable = null;
        }
        socket.releaseReader(this);
        if (debts != null) {
            Owners.drop(debts, this);
            debts = null;
        }
    }
}
