package dev.latent.io.spi;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is read by calls that block, a file or the output of a process, as futures.
 *
 * <p><b>The call belongs to this object,</b> and not to the future that began it. So dropping a read interrupts nobody (an interrupted
 * thread would close the channel under everybody's feet), writes into no buffer that is somebody else's again, and loses nothing: the
 * next read takes up the call that is under way, or what it has brought. There is one call at a time, and it reads into a buffer of its own.
 *
 * <p><b>Who closes</b> is told by {@link Use}.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code use}</td><td colspan="2">any</td><td>its own</td></tr>
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

        /** {@return whether its close is sure not to block, so that who asks for it may do it; by default it is not} */
        default boolean isQuickToClose() {
            return false;
        }
    }

    /** What takes bytes of the source elsewhere, past this program's memory. */
    public interface Move {
        /** {@return whether to move from {@code position} on is sure not to block, so that who polls may do it} */
        boolean isQuick(Context cx, long position);

        /** {@return how many bytes were moved from {@code position} on, negative at the end} */
        long move(long position) throws IOException;
    }

    private final String name;
    private final Source source;
    private final Use use;

    private long position;

    /** Has been read, and stands at {@code position}. */
    private ByteBuffer kept = NOTHING;

    private @Nullable Future<ByteBuffer> running;

    /** Where {@code running} reads. */
    private long from;

    /** The one read or move that waits. */
    private @Nullable Future<?> reader;

    /** A move that was dropped and had not ended. */
    private @Nullable Future<Long> leftover;

    /** Nobody has said since then where to go on, so it tells. */
    private boolean leftoverCounts;

    /**
     * Reads of {@code source}.
     *
     * @param name for a person to read
     */
    public BlockingReads(String name, Source source) {
        this.name = name;
        this.source = source;
        this.use = new Use(name, source, source::isQuickToClose);
    }

    /**
     * {@return as {@link dev.latent.io.OpenFile#read}}
     *
     * <p><em>Cancel safety:</em> dropped, no byte is lost: its thread goes on, and the next read has what it brings.
     */
    public Future<Integer> read(ByteBuffer to) {
        return new Read(to);
    }

    /**
     * {@return a future of the number of bytes that were moved, as {@code what} says it} One at a time, reads included. It runs on a thread where it may block.
     *
     * <p><em>Cancel safety:</em> its drop is over when that thread is through, and the position counts what it has moved.
     */
    public Future<Long> move(Move what) {
        return new Moving(what);
    }

    /** {@return where the next read begins} After a move that was dropped, and whose end nobody has waited for, the next read knows better. */
    public long position() {
        return position;
    }

    /** Moves there; what a move that was dropped does yet counts no more. */
    public void position(long bytes) {
        leftoverCounts = false;
        goTo(bytes);
    }

    private void goTo(long bytes) {
        if (FileErrors.checkPosition(bytes) != position) {
            position = bytes;
            kept = NOTHING;
        }
    }

    /**
     * {@return a future that is ready when it is closed}
     *
     * <p><em>Cancel safety:</em> dropped half-way, it goes on closing.
     */
    public Future<Void> closeAsync() {
        return use.closeAsync();
    }

    /** Closes now, or has the call that is running close. */
    public void close() {
        use.close();
    }

    private void checkAlone(Future<?> who) {
        if (reader != null && reader != who) {
            throw new IllegalStateException(who + " while another read of it waits: one at a time");
        }
    }

    /** {@return whether what was dropped in the middle has ended, and is counted} */
    private boolean isSettled(Context cx) {
        Future<Long> call = leftover;
        if (call == null) {
            return true;
        }
        try {
            if (!(Owners.poll(call, this, cx) instanceof Poll.Ready<Long>(var n))) {
                return false;
            }
            if (leftoverCounts) {
                goTo(position + Math.max(n, 0));
            }
        } catch (Exception e) {
            // who wanted to know has gone
        }
        leftover = null;
        return true;
    }

    private final class Moving extends OwnedFuture<Long> {
        private final Move what;
        private @Nullable Future<Long> call;

        Moving(Move what) {
            this.what = what;
        }

        @Override
        protected Poll<Long> pollOwned(Context cx) throws Exception {
            checkAlone(this);
            reader = null;
            Poll<Long> poll = next(cx);
            if (!poll.isReady()) {
                reader = this;
            }
            return poll;
        }

        private Poll<Long> next(Context cx) throws Exception {
            if (call == null) {
                if (!isSettled(cx)) {
                    return Poll.pending();
                }
                if (use.isAsked()) {
                    if (!cx.spend()) {
                        return Poll.pending();
                    }
                    throw FileErrors.closed(name);
                }
                long at = position;
                if (running == null && what.isQuick(cx, at)) {
                    return cx.spend() ? moved(use.call(() -> what.move(at))) : Poll.pending();
                }
                if (!isReadOver(cx)) {
                    return Poll.pending();
                }
                call = Async.spawnBlocking(() -> use.call(() -> what.move(at)));
                Owners.claim(call, BlockingReads.this);
            }
            return Owners.poll(call, BlockingReads.this, cx) instanceof Poll.Ready<Long>(var n)
                    ? moved(n)
                    : Poll.pending();
        }

        private Poll<Long> moved(long n) {
            goTo(position + Math.max(n, 0));
            return Poll.ready(n);
        }

        /** {@return whether no read is under way that was dropped; what it brings is forgotten} */
        private boolean isReadOver(Context cx) {
            Future<ByteBuffer> read = running;
            if (read == null) {
                return true;
            }
            try {
                if (!Owners.poll(read, BlockingReads.this, cx).isReady()) {
                    return false;
                }
            } catch (Exception e) {
                // the same will happen to the move
            }
            running = null;
            return true;
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            dropOwned();
            return isSettled(cx) ? Poll.done() : Poll.pending();
        }

        /** Its thread goes on to the end: an interrupt would close the channel for everybody. */
        @Override
        protected void dropOwned() {
            if (reader == this) {
                reader = null;
            }
            if (call != null) {
                leftover = call;
                leftoverCounts = true;
                call = null;
            }
        }

        @Override
        public String toString() {
            return "move of bytes of " + name;
        }
    }

    private final class Read extends OwnedFuture<Integer> {
        private final ByteBuffer to;

        Read(ByteBuffer to) {
            this.to = to;
        }

        @Override
        protected Poll<Integer> pollOwned(Context cx) throws Exception {
            checkAlone(this);
            reader = null;
            FileErrors.checkRoom(name, to);
            if (!isSettled(cx)) {
                return Poll.pending();
            }
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
                call = Async.spawnBlocking(() -> use.call(() -> {
                    ByteBuffer piece = ByteBuffer.allocate(atMost);
                    source.read(at, piece);
                    return piece.flip();
                }));
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
