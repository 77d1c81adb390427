package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Io#copy} without a buffer of its own: reads into the thread's scratch buffer and writes from it. Only what the target does not take at
 * once is kept, in a buffer of just that size; nothing more is read until it is gone.
 */
final class Copy extends OwnedFuture<Long> {
    private final ReadyReader from;
    private final ReadyWriter to;
    private long copied;
    private boolean ended;
    /** {@code from.readable()}, a write of the rest, or {@code to.shutdownOutput()}. */
    private @Nullable Future<Void> step;

    Copy(ReadyReader from, ReadyWriter to) {
        this.from = from;
        this.to = to;
    }

    @Override
    protected Poll<Long> pollOwned(Context cx) throws Exception {
        while (true) {
            if (step != null) {
                if (!Owners.poll(step, this, cx).isReady()) {
                    return Poll.pending();
                }
                step = null;
                if (ended) {
                    return Poll.ready(copied);
                }
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
            transfer(cx.scratch());
        }
    }

    private void transfer(ByteBuffer buffer) throws IOException {
        int n = from.tryRead(buffer);
        if (n < 0) {
            ended = true;
            begin(to.shutdownOutput());
        } else if (n == 0) {
            begin(from.readable());
        } else {
            copied += n;
            to.tryWrite(buffer.flip());
            if (buffer.hasRemaining()) {
                begin(to.write(
                        ByteBuffer.allocate(buffer.remaining()).put(buffer).flip()));
            }
        }
    }

    private void begin(Future<Void> next) {
        Owners.claim(next, this);
        step = next;
    }

    @Override
    protected void dropOwned() {
        if (step != null) {
            Owners.drop(step, this);
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        return step == null ? List.of() : List.of(step);
    }

    @Override
    public String toString() {
        return "copy from " + from + " to " + to;
    }
}
