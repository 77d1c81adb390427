package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection in two, to be owned apart; see {@link Duplex#split}. Closing one half gives up nothing that waits in it.
 *
 * @param reader what comes in
 * @param writer what goes out
 */
public record Halves(Reader reader, Writer writer) {
    static Halves of(Duplex whole) {
        AtomicInteger open = new AtomicInteger(2);
        return new Halves(new Reader(whole, open), new Writer(whole, open));
    }

    private abstract static sealed class Half implements AsyncCloseable {
        final Duplex whole;
        private final AtomicInteger open;
        private final AtomicBoolean closed = new AtomicBoolean();

        Half(Duplex whole, AtomicInteger open) {
            this.whole = whole;
            this.open = open;
        }

        /** {@return whether this call has closed this half} */
        final boolean leave() {
            return closed.compareAndSet(false, true);
        }

        /** Of a half that has been closed: {@return whether the other one has been, too} */
        final boolean isLast() {
            return open.decrementAndGet() == 0;
        }

        @Override
        public void close() {
            if (leave() && isLast()) {
                whole.close();
            }
        }
    }

    /** What comes in. */
    public static final class Reader extends Half implements ReadyReader {
        Reader(Duplex whole, AtomicInteger open) {
            super(whole, open);
        }

        @Override
        public Future<Integer> read(ByteBuffer to) {
            return whole.read(to);
        }

        @Override
        public Future<Void> readable() {
            return whole.readable();
        }

        @Override
        public int tryRead(ByteBuffer to) throws IOException {
            return whole.tryRead(to);
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                if (leave() && isLast()) {
                    await(whole.closeAsync());
                }
            });
        }

        @Override
        public String toString() {
            return "reader of " + whole;
        }
    }

    /** What goes out. */
    public static final class Writer extends Half implements ReadyWriter {
        Writer(Duplex whole, AtomicInteger open) {
            super(whole, open);
        }

        @Override
        public Future<Void> write(ByteBuffer from) {
            return whole.write(from);
        }

        @Override
        public Future<Void> writeAll(ByteBuffer... from) {
            return whole.writeAll(from);
        }

        @Override
        public Future<Void> writeFile(OpenFile from, long bytes) {
            return whole.writeFile(from, bytes);
        }

        @Override
        public Future<Void> flush() {
            return whole.flush();
        }

        @Override
        public Future<Void> shutdownOutput() {
            return whole.shutdownOutput();
        }

        @Override
        public Future<Void> writable() {
            return whole.writable();
        }

        @Override
        public int tryWrite(ByteBuffer from) throws IOException {
            return whole.tryWrite(from);
        }

        /** {@return a future that shuts the output down, and closes the whole if the reader is closed} */
        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                if (leave()) {
                    try {
                        await(whole.shutdownOutput());
                    } finally {
                        if (isLast()) {
                            await(whole.closeAsync());
                        }
                    }
                }
            });
        }

        /** Gives it up. The other end hears of that when the reader is closed, too; {@link #closeAsync} tells it now. */
        @Override
        public void close() {
            super.close();
        }

        @Override
        public String toString() {
            return "writer of " + whole;
        }
    }
}
