package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncWriter#writeAll} where there is nothing better: one buffer after the other. */
final class WriteEach extends OwnedFuture<Void> {
    private final AsyncWriter target;
    private final ByteBuffer[] from;
    private int next;
    private @Nullable Future<Void> step;

    WriteEach(AsyncWriter target, ByteBuffer[] from) {
        this.target = target;
        this.from = from;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        while (true) {
            if (step != null) {
                if (!Owners.poll(step, this, cx).isReady()) {
                    return Poll.pending();
                }
                step = null;
            }
            if (next == from.length) {
                return Poll.done();
            }
            ByteBuffer buffer = from[next++];
            if (buffer.hasRemaining()) {
                Future<Void> write = target.write(buffer);
                Owners.claim(write, this);
                step = write;
            }
        }
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
        return "write of several buffers to " + target;
    }
}
