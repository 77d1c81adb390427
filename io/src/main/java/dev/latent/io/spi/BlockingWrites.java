package dev.latent.io.spi;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.AsyncWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is written by calls that block, a file or the input of a process, as futures. The call belongs to this object, and not to the future that began it: so a dropped write interrupts nobody, and what
 * its thread has taken is written once. The next one first waits for the call that is under way. Who closes is told by {@link Use}.
 */
public final class BlockingWrites implements AsyncWriter, AsyncCloseable {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is written to; its methods block, and one at a time is called. */
    public interface Sink extends Closeable {
        /** Writes all of {@code piece}. */
        void write(byte[] piece) throws IOException;

        /** Holds nothing back any more; by default it never does. */
        default void flush() throws IOException {}
    }

    /** Something else to be done with what is written to. */
    @FunctionalInterface
    public interface Action {
        /** Does it, by calls that block. */
        void run() throws IOException;
    }

    private final String name;
    private final Sink sink;
    private final Use use;
    private @Nullable Future<Boolean> running;

    /** Who waits for {@code running}. */
    private @Nullable Write writer;

    /**
     * Writes to {@code sink}.
     *
     * @param name for a person to read
     */
    public BlockingWrites(String name, Sink sink) {
        this.name = name;
        this.sink = sink;
        this.use = new Use(name, sink, () -> false);
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return new Write(from, null);
    }

    @Override
    public Future<Void> flush() {
        return new Write(NOTHING, sink::flush);
    }

    /**
     * {@return a future that is ready when {@code last} has been done, behind all that was written}
     *
     * <p><em>Cancel safety:</em> dropped, it may have been done, or be done yet.
     */
    public Future<Void> then(Action last) {
        return new Write(NOTHING, last);
    }

    /** {@return a future that is ready when it is closed; a call that is running closes at its end} */
    @Override
    public Future<Void> closeAsync() {
        return use.closeAsync();
    }

    /** Closes now, or has the call that is running close. */
    @Override
    public void close() {
        use.close();
    }

    private void begin(Action call) {
        Future<Boolean> begun = Async.spawnBlocking(() -> use.call(() -> {
            call.run();
            return true;
        }));
        Owners.claim(begun, this);
        running = begun;
    }

    private boolean pollRunning(Future<Boolean> call, Context cx) throws Exception {
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
        private @Nullable Action last;

        Write(ByteBuffer from, @Nullable Action last) {
            this.from = from;
            this.last = last;
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
                Action next = last;
                if (from.hasRemaining()) {
                    byte[] piece = new byte[Math.min(from.remaining(), PIECE_BYTES)];
                    from.get(piece);
                    begin(() -> sink.write(piece));
                } else if (next != null) {
                    last = null;
                    begin(next);
                } else {
                    return Poll.done();
                }
            }
        }

        @Override
        protected void dropOwned() {
            if (writer == this) {
                writer = null;
            }
        }

        @Override
        public String toString() {
            return "write to " + name;
        }
    }

    @Override
    public String toString() {
        return "writer to " + name;
    }
}
