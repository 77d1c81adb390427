package dev.latent.io;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * {@link BlockingIo#writer}. The call that blocks belongs to this object, and not to the future that began it: so a dropped write interrupts nobody, and what
 * its thread has taken is written once. The next one first waits for the call that is under way.
 */
final class BlockingWrites implements AsyncWriter {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final OutputStream out;
    private @Nullable Future<Void> running;

    /** Who waits for {@code running}. */
    private @Nullable Write writer;

    BlockingWrites(OutputStream out) {
        this.out = out;
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return new Write(from, false);
    }

    @Override
    public Future<Void> flush() {
        return new Write(NOTHING, true);
    }

    private void begin(Callable<Void> call) {
        Future<Void> begun = Async.spawnBlocking(call);
        Owners.claim(begun, this);
        running = begun;
    }

    private boolean pollRunning(Future<Void> call, Context cx) throws Exception {
        boolean waits = false;
        try {
            waits = !Owners.poll(call, this, cx).isReady();
            return !waits;
        } finally {
            if (!waits) {
                running = null;
            }
        }
    }

    private final class Write extends OwnedFuture<Void> {
        private final ByteBuffer from;
        private boolean flushes;

        Write(ByteBuffer from, boolean flushes) {
            this.from = from;
            this.flushes = flushes;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            if (writer != null && writer != this) {
                throw new IllegalStateException(this + " while another one waits: one at a time");
            }
            writer = null;
            while (true) {
                if (running != null && !pollRunning(running, cx)) {
                    writer = this;
                    return Poll.pending();
                }
                if (from.hasRemaining()) {
                    byte[] piece = new byte[Math.min(from.remaining(), PIECE_BYTES)];
                    from.get(piece);
                    begin(() -> written(piece));
                } else if (flushes) {
                    flushes = false;
                    begin(this::flushed);
                } else {
                    return Poll.done();
                }
            }
        }

        @SuppressWarnings("NullAway") // a Void is null
        private Void written(byte[] piece) throws IOException {
            out.write(piece);
            return null;
        }

        @SuppressWarnings("NullAway") // a Void is null
        private Void flushed() throws IOException {
            out.flush();
            return null;
        }

        @Override
        protected void dropOwned() {
            if (writer == this) {
                writer = null;
            }
        }

        @Override
        public String toString() {
            return "write to " + out;
        }
    }

    @Override
    public String toString() {
        return "writer to " + out;
    }
}
