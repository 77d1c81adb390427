package dev.latent.io.spi;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is read by calls that block, a file or the output of a process, as futures.
 *
 * <p><b>The call belongs to this object,</b> and not to the future that began it. So dropping a read interrupts nobody (an interrupted
 * thread would close the channel under everybody's feet), writes into no buffer that is somebody else's again, and loses nothing: the
 * next read takes up the call that is under way, or what it has brought. There is one call at a time, and it reads into a buffer of its own.
 *
 * <p><b>Who closes.</b> Nobody closes what a thread is reading: the number of a closed file may at once be another's. Whoever asks for
 * the close while a call is running leaves it to that call.
 *
 * <pre>{@code
 *          1 begin           2 end
 *   IDLE ──────────▶ BUSY ──────────▶ IDLE        1, 2  the thread of a call
 *    │ 3 ask          │ 4 ask                     3, 4  close, by any thread
 *    ▼                ▼         5 end             3     who asks is to close
 *   CLOSED          LEAVING ────────▶ CLOSED      5     the thread of the call is to close
 * }</pre>
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code use}</td><td colspan="2">any</td><td>its monitor</td></tr>
 * <tr><td>{@code released}</td><td colspan="2">who is to close, and who drops a close that waits; the first one does</td><td>CAS</td></tr>
 * <tr><td>all others</td><td colspan="2">polls and drops of the one task at a time that reads</td><td>none</td></tr>
 * </table>
 */
public final class BlockingReads {
    /** Bytes that are read in one call, at most. */
    private static final int PIECE_BYTES = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is read; its methods block, and one at a time is called. */
    public interface Source extends Closeable {
        /** Reads some bytes, or at the end none, from {@code position} on, which a source without positions knows by itself. */
        void read(long position, ByteBuffer to) throws IOException;
    }

    /** Whether a call is running, and whether it is to close. */
    private static final class Use {
        private enum State {
            IDLE,
            BUSY,
            LEAVING,
            CLOSED
        }

        private State state = State.IDLE;

        /** Edge 1: {@return false when it is closed} */
        synchronized boolean begin() {
            if (state != State.IDLE) {
                return false;
            }
            state = State.BUSY;
            return true;
        }

        /** Edges 2 and 5: {@return whether this thread is to close} */
        synchronized boolean end() {
            assert state == State.BUSY || state == State.LEAVING : state;
            state = state == State.LEAVING ? State.CLOSED : State.IDLE;
            return state == State.CLOSED;
        }

        /** Edges 3 and 4: {@return whether who asks is to close} Asked before, nothing changes. */
        synchronized boolean ask() {
            if (state == State.IDLE) {
                state = State.CLOSED;
                return true;
            }
            if (state == State.BUSY) {
                state = State.LEAVING;
            }
            return false;
        }

        synchronized boolean isClosed() {
            return state == State.CLOSED;
        }

        synchronized boolean isAsked() {
            return state == State.LEAVING || state == State.CLOSED;
        }
    }

    private final String name;
    private final Source source;
    private final Use use = new Use();
    private final AtomicBoolean released = new AtomicBoolean();
    private final Happening closed;

    private long position;

    /** Has been read, and stands at {@code position}. */
    private ByteBuffer kept = NOTHING;

    private @Nullable Future<ByteBuffer> running;

    /** Where {@code running} reads. */
    private long from;

    private @Nullable Read reader;

    /**
     * Reads of {@code source}.
     *
     * @param name for a person to read
     */
    public BlockingReads(String name, Source source) {
        this.name = name;
        this.source = source;
        this.closed = new Happening(name);
    }

    /** {@return as {@link dev.latent.io.OpenFile#read}} */
    public Future<Integer> read(ByteBuffer to) {
        return new Read(to);
    }

    /** {@return where the next read begins} */
    public long position() {
        return position;
    }

    /** Moves there. */
    public void position(long bytes) {
        if (FileErrors.checkPosition(bytes) != position) {
            position = bytes;
            kept = NOTHING;
        }
    }

    /** {@return a future that is ready when it is closed} */
    public Future<Void> closeAsync() {
        return new Closing(
                Futures.lazy(() -> use.ask()
                        ? Futures.then(Async.spawnBlocking(this::release), _ -> closed.awaited())
                        : closed.awaited()),
                () -> {
                    if (use.isClosed()) {
                        release(); // the thread that was asked has perhaps not come
                    }
                });
    }

    /** Closes now, or has the call that is running close. */
    public void close() {
        if (use.ask()) {
            release();
        }
    }

    private boolean release() {
        if (!released.compareAndSet(false, true)) {
            return false;
        }
        try {
            source.close();
        } catch (IOException e) {
            // it was only read
        } finally {
            closed.happen();
        }
        return true;
    }

    /** One call, on its thread. */
    private ByteBuffer call(long at, int atMost) throws IOException {
        if (!use.begin()) {
            throw FileErrors.closed(name);
        }
        try {
            ByteBuffer piece = ByteBuffer.allocate(atMost);
            source.read(at, piece);
            return piece.flip();
        } finally {
            if (use.end()) {
                release();
            }
        }
    }

    private final class Read extends OwnedFuture<Integer> {
        private final ByteBuffer to;

        Read(ByteBuffer to) {
            this.to = to;
        }

        @Override
        protected Poll<Integer> pollOwned(Context cx) throws Exception {
            if (reader != null && reader != this) {
                throw new IllegalStateException(this + " while another read of it waits: one at a time");
            }
            reader = null;
            FileErrors.checkRoom(name, to);
            Poll<Integer> poll = next(cx);
            if (!poll.isReady()) {
                reader = this;
            }
            return poll;
        }

        private Poll<Integer> next(Context cx) throws Exception {
            while (true) {
                if (use.isAsked()) {
                    if (!cx.spend()) {
                        return Poll.pending();
                    }
                    throw FileErrors.closed(name);
                }
                if (kept.hasRemaining()) {
                    return cx.spend() ? Poll.ready(take()) : Poll.pending();
                }
                Poll<ByteBuffer> poll = pollCall(cx);
                if (!(poll instanceof Poll.Ready<ByteBuffer>(var piece))) {
                    return Poll.pending();
                }
                if (from == position) {
                    if (!piece.hasRemaining()) {
                        return Poll.ready(-1);
                    }
                    kept = piece;
                }
            }
        }

        private Poll<ByteBuffer> pollCall(Context cx) throws Exception {
            Future<ByteBuffer> call = running;
            if (call == null) {
                long at = position;
                int atMost = Math.min(to.remaining(), PIECE_BYTES);
                from = at;
                call = Async.spawnBlocking(() -> BlockingReads.this.call(at, atMost));
                Owners.claim(call, BlockingReads.this);
                running = call;
            }
            Poll<ByteBuffer> poll;
            try {
                poll = Owners.poll(call, BlockingReads.this, cx);
            } catch (Throwable t) {
                running = null;
                if (from != position && !use.isAsked()) {
                    return Poll.ready(NOTHING); // what it failed to read is wanted no more
                }
                throw t;
            }
            if (poll.isReady()) {
                running = null;
            }
            return poll;
        }

        private int take() {
            int n = Math.min(to.remaining(), kept.remaining());
            to.put(kept.slice(kept.position(), n));
            kept.position(kept.position() + n);
            position += n;
            if (!kept.hasRemaining()) {
                kept = NOTHING;
            }
            return n;
        }

        @Override
        protected void dropOwned() {
            if (reader == this) {
                reader = null;
            }
        }

        @Override
        public String toString() {
            return "read of " + name;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
