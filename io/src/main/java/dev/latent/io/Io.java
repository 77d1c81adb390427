package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.NotCancelSafe;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is built from streams. */
public final class Io {
    private Io() {}

    /**
     * {@return a future of the number of bytes copied from {@code from} to {@code to}, ready at the end of {@code from}}
     *
     * <p>It reads no faster than {@code to} takes, holds no buffer while it waits for {@code from}, and passes the end on: {@code to}'s
     * sending half is then shut down. So {@code copy(s, s)} echoes, and a join of two copies is a proxy that keeps half-closed
     * connections. {@link java.io.InputStream#transferTo} leaves its target open instead; here a peer that reads to the end would
     * wait for ever. Neither stream is closed.
     *
     * <p><em>Cancel safety:</em> dropped, up to 64 kB that were read and that {@code to} has not taken are lost.
     */
    @NotCancelSafe
    public static Future<Long> copy(TcpStream from, TcpStream to) {
        return new Copy(from, to);
    }

    /**
     * Reads into the thread's scratch buffer and writes from it. Only what the target does not take at once is kept, in a buffer
     * of just that size; nothing more is read until it is gone.
     */
    private static final class Copy extends OwnedFuture<Long> {
        private final TcpStream from;
        private final TcpStream to;
        private long copied;
        private boolean ended;
        /** {@code from.readable()}, a write of the rest, or {@code to.shutdownOutput()}. */
        private @Nullable Future<Void> step;

        Copy(TcpStream from, TcpStream to) {
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
        public String toString() {
            return "copy from " + from + " to " + to;
        }
    }
}
