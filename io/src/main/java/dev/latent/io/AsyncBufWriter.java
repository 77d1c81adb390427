package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A writer that gathers small pieces: {@link java.io.BufferedOutputStream} for what has to be waited for.
 *
 * <p>It borrows its target, and is nothing to be closed: end with {@link #flush}, or {@link #shutdownOutput}, which flushes. What is written and not yet
 * flushed is lost with it. When all is flushed it holds no buffer.
 *
 * <p><em>Cancel safety:</em> what was taken is kept here, and goes out with the next write that needs the place or the next flush, in its
 * order and once. A dropped write has taken what the position of its buffer tells.
 */
public final class AsyncBufWriter implements AsyncWriter {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final AsyncWriter target;
    private final int most;
    private final ByteSink bytes = new ByteSink();

    /** Sends what is in {@code bytes}, which nobody else touches meanwhile. */
    private @Nullable Sending sending;

    private AsyncBufWriter(AsyncWriter target, int most) {
        this.target = target;
        this.most = most;
    }

    /** {@return a writer to {@code target} that gathers up to 8 kB} */
    public static AsyncBufWriter of(AsyncWriter target) {
        return of(target, BUFFER_BYTES);
    }

    /**
     * {@return a writer to {@code target} that gathers up to {@code bytes}}
     *
     * @throws IllegalArgumentException when {@code bytes} is not positive
     */
    public static AsyncBufWriter of(AsyncWriter target, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
        return new AsyncBufWriter(target, bytes);
    }

    /**
     * {@return a future that is ready when {@code from} has been taken, into the buffer, or, where it doesn't fit, by the target behind what is there}
     */
    @Override
    public Future<Void> write(ByteBuffer from) {
        return Futures.lazy(() -> {
            checkAlone(null);
            if (from.remaining() <= most - bytes.size()) {
                bytes.put(from);
                return Futures.done();
            }
            return new Sending(target.writeAll(bytes.waiting(), from));
        });
    }

    /**
     * {@return as {@link #write(ByteBuffer)}, of {@code text} in UTF-8}
     *
     * <p><em>Cancel safety:</em> dropped before it was ready, it has taken nothing of the text.
     */
    public Future<Void> write(String text) {
        return async(() -> {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            await(makeRoom(encoded.length));
            bytes.put(encoded);
        });
    }

    @Override
    public Future<Void> writeAll(ByteBuffer... from) {
        return Futures.lazy(() -> {
            checkAlone(null);
            long all = 0;
            for (ByteBuffer each : from) {
                all += each.remaining();
            }
            if (all <= most - bytes.size()) {
                for (ByteBuffer each : from) {
                    bytes.put(each);
                }
                return Futures.done();
            }
            ByteBuffer[] behind = new ByteBuffer[from.length + 1];
            behind[0] = bytes.waiting();
            System.arraycopy(from, 0, behind, 1, from.length);
            return new Sending(target.writeAll(behind));
        });
    }

    /** {@return a future that is ready when {@code n} bytes fit, or nothing is held back} */
    Future<Void> makeRoom(int n) {
        return Futures.lazy(() -> {
            checkAlone(null);
            return n <= most - bytes.size() || bytes.size() == 0
                    ? Futures.done()
                    : new Sending(target.write(bytes.waiting()));
        });
    }

    private void checkAlone(@Nullable Sending asking) {
        if (sending != null && sending != asking) {
            throw new IllegalStateException("a write to " + this
                    + " while another one waits: one at a time. Let one task own it and hand data on by a channel");
        }
    }

    @Override
    public Future<Void> flush() {
        return async(() -> {
            checkAlone(null);
            if (bytes.size() > 0) {
                await(new Sending(target.write(bytes.waiting())));
            }
            await(target.flush());
        });
    }

    @Override
    public Future<Void> shutdownOutput() {
        return async(() -> {
            await(flush());
            await(target.shutdownOutput());
        });
    }

    /** {@return how many bytes have been taken and not been written to the target} */
    public int buffered() {
        return bytes.size();
    }

    /** For an encoder, once there is room. */
    ByteSink bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "writer to " + target;
    }

    /** A write of all that waits, and perhaps of more behind it. */
    private final class Sending extends OwnedFuture<Void> {
        private final Future<Void> write;

        Sending(Future<Void> write) {
            this.write = write;
            Owners.claim(write, this);
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            checkAlone(this);
            sending = this;
            boolean waits = false;
            try {
                Poll<Void> poll = Owners.poll(write, this, cx);
                waits = !poll.isReady();
                if (!waits) {
                    bytes.clear();
                }
                return poll;
            } finally {
                if (!waits) {
                    sending = null;
                }
            }
        }

        @Override
        protected void dropOwned() {
            if (sending == this) {
                sending = null;
            }
            Owners.drop(write, this);
        }

        @Override
        protected List<? extends Future<?>> children() {
            return List.of(write);
        }

        @Override
        public String toString() {
            return "buffered " + write;
        }
    }
}
