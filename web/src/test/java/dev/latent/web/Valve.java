package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.TcpStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A peer in the hands of a test: it says what it is told to, and takes as many bytes as it is told to. One may wait in each direction. Thread-safe. */
final class Valve implements TcpStream {
    static final int ALL = Integer.MAX_VALUE;

    final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    /** Calls that had something to read, and to write. */
    int reads;

    int writes;

    /** What a write fails with. */
    @Nullable
    Throwable failure;

    /** Runs once, in the middle of the next write. */
    @Nullable
    Runnable meanwhile;

    /** Runs once, as a wait for something to read is over. */
    @Nullable
    Runnable readable;

    /** Said again and again; null: only what it is told to. */
    private byte @Nullable [] endless;

    /** It keeps nothing of what it takes, and takes all. */
    private boolean forgets;

    private final ByteBuffer said = ByteBuffer.allocate(1 << 16).flip();
    private int room;
    private boolean left;
    private boolean closed;
    private final Waiting reader = new Waiting();
    private final Waiting writer = new Waiting();

    Valve(int room) {
        this.room = room;
    }

    /** {@return a peer that is always faster than we are: each read fills the buffer with {@code frame}, and it takes all} */
    static Valve flood(byte[] frame) {
        Valve flood = new Valve(ALL);
        flood.endless = frame;
        return flood;
    }

    /** {@return a peer that takes all and keeps none of it}, so that it allocates nothing itself */
    static Valve forgetful() {
        Valve valve = new Valve(ALL);
        valve.forgets = true;
        return valve;
    }

    /** It takes so many bytes more. */
    synchronized void open(int bytes) {
        room = bytes == ALL || room == ALL ? ALL : room + bytes;
        writer.wake();
    }

    synchronized void say(byte[] bytes) {
        said.compact().put(bytes).flip();
        reader.wake();
    }

    /** It says nothing more, and goes on taking. */
    synchronized void leave() {
        left = true;
        reader.wake();
    }

    /** {@return whether somebody waits for room} */
    synchronized boolean hasWriter() {
        return writer.now != null;
    }

    private static final class Waiting {
        @Nullable
        Object now;

        @Nullable
        Waker waker;

        void wake() {
            if (waker != null) {
                waker.wake();
            }
        }
    }

    private Future<Void> ready(Waiting where, java.util.function.BooleanSupplier is) {
        return new OwnedFuture<>() {
            @Override
            protected Poll<Void> pollOwned(Context cx) throws IOException {
                synchronized (Valve.this) {
                    checkAlone(where, this);
                    if (closed) {
                        where.now = null;
                        throw new IOException("closed");
                    }
                    if (is.getAsBoolean()) {
                        where.now = null;
                        return cx.spend() ? Poll.done() : Poll.pending();
                    }
                    where.now = this;
                    where.waker = cx.waker();
                    return Poll.pending();
                }
            }

            @Override
            protected void dropOwned() {
                synchronized (Valve.this) {
                    if (where.now == this) {
                        where.now = null;
                    }
                }
            }
        };
    }

    private static void checkAlone(Waiting where, @Nullable Object who) {
        if (where.now != who) {
            assertNull(where.now, "two at a time");
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
    }

    @Override
    public Future<Void> readable() {
        return ready(reader, () -> {
            boolean is = left || endless != null || said.hasRemaining();
            Runnable now = is ? readable : null;
            if (now != null) {
                readable = null;
                now.run();
            }
            return is;
        });
    }

    @Override
    public Future<Void> writable() {
        return ready(writer, () -> room > 0);
    }

    @Override
    public synchronized int tryRead(ByteBuffer to) throws IOException {
        checkAlone(reader, null);
        checkOpen();
        reads++;
        if (endless != null) {
            int before = to.position();
            while (to.remaining() >= endless.length) {
                to.put(endless);
            }
            return to.position() - before;
        }
        if (!said.hasRemaining()) {
            return left ? -1 : 0;
        }
        int n = Math.min(to.remaining(), said.remaining());
        to.put(said.slice(said.position(), n));
        said.position(said.position() + n);
        return n;
    }

    @Override
    public synchronized int tryWrite(ByteBuffer from) throws IOException {
        checkAlone(writer, null);
        checkOpen();
        writes++;
        Runnable now = meanwhile;
        meanwhile = null;
        if (now != null) {
            now.run();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException wrong) {
            throw wrong;
        }
        if (failure instanceof IOException broken) {
            throw broken;
        }
        if (forgets) {
            int all = from.remaining();
            from.position(from.limit());
            return all;
        }
        byte[] bytes = new byte[Math.min(from.remaining(), room)];
        room = room == ALL ? ALL : room - bytes.length;
        from.get(bytes);
        taken.write(bytes, 0, bytes.length);
        return bytes.length;
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return async(() -> {
            while (from.hasRemaining()) {
                if (tryWrite(from) == 0) {
                    await(writable());
                }
            }
        });
    }

    @Override
    public Future<Void> shutdownOutput() {
        return Futures.done();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress(0);
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(0);
    }

    @Override
    public Future<Void> closeAsync() {
        return Futures.pollFn(_ -> {
            close();
            return Poll.done();
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        reader.wake();
        writer.wake();
    }
}
