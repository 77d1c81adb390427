package dev.latent.io;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from one end of a connection in memory to the other, in a ring.
 *
 * <p>All is under the monitor of this object, for the length of a copy; nothing foreign is called there. Who waits looks and leaves its waker in one such
 * section, who changes something takes the waker in another and wakes it outside: so no wake is lost, and none meets the monitor.
 *
 * <table>
 * <caption>Fields, all under the monitor</caption>
 * <tr><th>field</th><th>written by</th></tr>
 * <tr><td>{@code ring}, {@code first}, {@code size}</td><td>reads and writes</td></tr>
 * <tr><td>{@code ended}, {@code outputClosed}</td><td>the writing end, once</td></tr>
 * <tr><td>{@code inputClosed}</td><td>the reading end, once</td></tr>
 * <tr><td>{@code reader}, {@code writer}</td><td>the one operation that waits in that direction; taken by its end and by whoever wakes it</td></tr>
 * </table>
 */
final class MemoryPipe {
    private static final byte[] NOTHING = {};

    private final int capacity;

    /** Made as the first byte comes. */
    private byte[] ring = NOTHING;

    private int first;
    private int size;
    private boolean ended;
    private boolean outputClosed;
    private boolean inputClosed;
    private @Nullable Op<?> reader;
    private @Nullable Op<?> writer;

    MemoryPipe(int capacity) {
        this.capacity = capacity;
    }

    // ---- under the monitor ------------------------------------------------------------------------------------------

    /** {@return bytes moved, 0 while there are none, -1 at the end} */
    private int move(ByteBuffer to) throws IOException {
        if (inputClosed) {
            throw new IOException("read of a connection in memory that was closed");
        }
        int n = Math.min(size, to.remaining());
        if (n == 0) {
            return size == 0 && ended ? -1 : 0;
        }
        int straight = Math.min(n, capacity - first);
        to.put(ring, first, straight).put(ring, 0, n - straight);
        first = (first + n) % capacity;
        size -= n;
        return n;
    }

    /** {@return bytes moved, 0 while there is no place} */
    private int take(ByteBuffer from) throws IOException {
        checkWrite();
        int n = Math.min(capacity - size, from.remaining());
        if (n == 0) {
            return 0;
        }
        if (ring.length == 0) {
            ring = new byte[capacity];
        }
        int at = (first + size) % capacity;
        int straight = Math.min(n, capacity - at);
        from.get(ring, at, straight).get(ring, 0, n - straight);
        size += n;
        return n;
    }

    private void checkWrite() throws IOException {
        if (outputClosed) {
            throw new IOException("write to a connection in memory that was closed");
        }
        if (ended) {
            throw new IOException("write to a connection in memory came after shutdownOutput");
        }
        if (inputClosed) {
            throw new IOException("write to a connection in memory whose other end was closed");
        }
    }

    private @Nullable Waker takeReader() {
        return reader == null ? null : reader.takeWaker();
    }

    private @Nullable Waker takeWriter() {
        return writer == null ? null : writer.takeWaker();
    }

    private static void checkAlone(@Nullable Op<?> waits, @Nullable Op<?> asks) {
        if (waits != null && waits != asks) {
            throw new IllegalStateException("a " + (waits.reads ? "read" : "write")
                    + " of a connection in memory while another task's waits: one at a time in each direction");
        }
    }

    // ---- from outside -----------------------------------------------------------------------------------------------

    int tryRead(ByteBuffer to) throws IOException {
        int n;
        Waker waker;
        synchronized (this) {
            checkAlone(reader, null);
            n = move(to);
            waker = n > 0 ? takeWriter() : null;
        }
        Foreign.wake(waker);
        return n;
    }

    int tryWrite(ByteBuffer from) throws IOException {
        int n;
        Waker waker;
        synchronized (this) {
            checkAlone(writer, null);
            n = take(from);
            waker = n > 0 ? takeReader() : null;
        }
        Foreign.wake(waker);
        return n;
    }

    /** The writer has no more. */
    void end() {
        Waker waker;
        synchronized (this) {
            checkAlone(writer, null);
            ended = true;
            waker = takeReader();
        }
        Foreign.wake(waker);
    }

    /** The writing end is closed. */
    void closeOutput() {
        Waker first;
        Waker second;
        synchronized (this) {
            ended = true;
            outputClosed = true;
            first = takeReader();
            second = takeWriter();
        }
        Foreign.wake(first);
        Foreign.wake(second);
    }

    /** The reading end is closed: nobody will have what is here. */
    void closeInput() {
        Waker first;
        Waker second;
        synchronized (this) {
            inputClosed = true;
            size = 0;
            ring = NOTHING;
            first = takeReader();
            second = takeWriter();
        }
        Foreign.wake(first);
        Foreign.wake(second);
    }

    // ---- who waits --------------------------------------------------------------------------------------------------

    private abstract class Op<T extends @Nullable Object> extends OwnedFuture<T> {
        final boolean reads;
        private @Nullable Waker waker;

        Op(boolean reads) {
            this.reads = reads;
        }

        /** {@return the outcome, or null: not yet} */
        abstract @Nullable Poll<T> attempt() throws IOException;

        @Nullable
        Waker takeWaker() {
            Waker taken = waker;
            waker = null;
            return taken;
        }

        @Override
        protected final Poll<T> pollOwned(Context cx) throws Exception {
            if (!cx.spend()) {
                return Poll.pending();
            }
            Poll<T> poll = null;
            Waker other = null;
            boolean waits = false;
            try {
                synchronized (MemoryPipe.this) {
                    checkAlone(reads ? reader : writer, this);
                    int before = size;
                    try {
                        poll = attempt();
                        waits = poll == null;
                    } finally {
                        set(waits ? this : null);
                        waker = waits ? cx.waker() : null;
                        if (size != before) {
                            other = reads ? takeWriter() : takeReader();
                        }
                    }
                }
            } finally {
                Foreign.wake(other);
            }
            if (poll == null) {
                cx.unspend();
                return Poll.pending();
            }
            return poll;
        }

        private void set(@Nullable Op<?> op) {
            if (reads) {
                reader = op;
            } else {
                writer = op;
            }
        }

        @Override
        protected final void dropOwned() {
            synchronized (MemoryPipe.this) {
                if ((reads ? reader : writer) == this) {
                    set(null);
                }
            }
        }

        @Override
        public String toString() {
            return (reads ? "read of" : "write to") + " a connection in memory";
        }
    }

    final class Read extends Op<Integer> {
        private final ByteBuffer to;

        Read(ByteBuffer to) {
            super(true);
            this.to = to;
        }

        @Override
        @Nullable
        Poll<Integer> attempt() throws IOException {
            if (!to.hasRemaining()) {
                throw new IllegalArgumentException(this + " into a full buffer: clear() or compact() it first");
            }
            int n = move(to);
            return n == 0 ? null : Poll.ready(n);
        }
    }

    final class Write extends Op<Void> {
        private final ByteBuffer from;

        Write(ByteBuffer from) {
            super(false);
            this.from = from;
        }

        @Override
        @Nullable
        Poll<Void> attempt() throws IOException {
            checkWrite();
            take(from);
            return from.hasRemaining() ? null : Poll.done();
        }
    }

    final class Readable extends Op<Void> {
        Readable() {
            super(true);
        }

        @Override
        @Nullable
        Poll<Void> attempt() {
            return size > 0 || ended || inputClosed ? Poll.done() : null;
        }
    }

    final class Writable extends Op<Void> {
        Writable() {
            super(false);
        }

        @Override
        @Nullable
        Poll<Void> attempt() {
            return size < capacity || ended || inputClosed ? Poll.done() : null;
        }
    }
}
