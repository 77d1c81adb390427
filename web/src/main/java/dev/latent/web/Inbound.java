package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.Waker;
import dev.latent.io.TcpStream;
import dev.latent.web.http.HttpException;
import dev.latent.web.internal.BodyDecoder;
import dev.latent.web.internal.HeadBuffer;
import dev.latent.web.internal.ProxyHeader;
import dev.latent.world.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What comes from a client: a head, its body, and whatever was sent ahead.
 *
 * <p>Two goals compete. A handler is to be told at once when its client has gone, so somebody has to read while it runs; but the body is the handler's to
 * ask for, and what is sent ahead is not to be taken in without bound. So while a handler runs, {@link #gone} is the only one that reads the
 * stream, into a buffer of a fixed size, and a piece of the body is taken from there. When the buffer is full it stops until a piece was taken; a
 * client that sent so much ahead is noticed to have gone only then, or by a write.
 *
 * <p><b>States</b> of a request whose handler runs, between G, the future {@link #gone}, and P, that of a piece:
 *
 * <pre>{@code
 *            1 P: nothing there              3 G: no room
 *   WANTED ◀──────────────────── OPEN ────────────────────▶ FULL
 *      └────────────────────────▶ │ ◀───────────────────────┘
 *         2 G: something came     │       4 P: looks, and takes
 *
 *   any ── 5 G: the client has gone ──▶ GONE     what is there is taken, then pieces fail
 *   any ── 6 endTurn ─────────────────▶ OVER     pieces of it fail; the next request is OPEN
 * }</pre>
 *
 * In WANTED a taker is set, in FULL a reader; edges 2, 5 and 6 wake the taker, edge 4 the reader. Both are never set together: of a full buffer the decoder takes something, or refuses it. A drop of
 * P or G takes its waker out. Each edge is one section under this monitor, and looks and sets in it, so no wake falls between a look and a wait.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code bytes}, {@code body}</td><td colspan="2">the connection's task between two handlers; while one runs, G (it adds) and P (it takes)</td><td>this monitor while one runs</td></tr>
 * <tr><td>{@code end}</td><td>G</td><td>anyone</td><td>this monitor</td></tr>
 * <tr><td>{@code turn}, {@code taker}, {@code reader}, {@code broken}</td><td colspan="2">anyone</td><td>this monitor</td></tr>
 * <tr><td>{@code continues}, {@code interim}</td><td colspan="2">the connection's task, and P</td><td>this monitor while a handler runs</td></tr>
 * </table>
 *
 * <p>No waker is woken under the monitor. A piece of the body may be asked for by another task than the connection's, and by one that outlives its
 * handler: {@link #turn} tells which request it belongs to, and it fails when that is over.
 */
final class Inbound {
    private static final int AHEAD = 16 * 1024;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final TcpStream stream;
    private final int maxHead;
    private final HeadBuffer bytes;

    /** Null where the request has none. */
    private @Nullable BodyDecoder body;

    /** Why nothing more comes. */
    private @Nullable IOException end;

    /** Counts requests; see the essay. */
    private int turn;

    private boolean broken;

    /** The client waits to be told to go on before it sends the body. */
    private boolean continues;

    /** What is left of telling it so, to be written before anything else. */
    private @Nullable ByteBuffer interim;

    /** Waits for a piece. */
    private @Nullable Waker taker;

    /** Waits for room. */
    private @Nullable Waker reader;

    Inbound(TcpStream stream, int maxHead) {
        this.stream = stream;
        this.maxHead = maxHead;
        this.bytes = new HeadBuffer(maxHead, Math.max(AHEAD, 2 * maxHead));
    }

    // ---- heads, by the connection's task between two handlers
    // --------------------------------------------------------

    /** {@return the next head if it is there; fails with 400 or 431 where it can't become one} */
    byte @Nullable [] takeHead() {
        byte[] head = bytes.takeHead();
        if (head == null && bytes.isGarbage()) {
            throw HttpException.of(400, "");
        }
        if (head == null && bytes.isTooLong()) {
            throw HttpException.of(431, "");
        }
        return head;
    }

    /** {@return whether {@link #takeHead} gives one} */
    boolean hasHead() {
        return bytes.hasHead();
    }

    boolean isEmpty() {
        return bytes.isEmpty();
    }

    /** {@return whether something of the next request has come: more than the empty lines that may stand before it} */
    boolean isBegun() {
        return bytes.isBegun();
    }

    /** Takes in what is there now. {@return false at the end} */
    boolean read(ByteBuffer scratch) throws IOException {
        return addedFrom(bytes.room(scratch));
    }

    private boolean addedFrom(ByteBuffer room) throws IOException {
        if (stream.tryRead(room) < 0) {
            return false;
        }
        bytes.add(room.flip());
        return true;
    }

    /** {@return the client of which a proxy tells before all else; null while that has not come} */
    @Nullable
    InetSocketAddress client(ProxyHeader header) throws IOException {
        return header.client(bytes);
    }

    /** The head that was taken has been believed: behind it stand so many bytes of a body, chunks where {@code length} is negative. */
    void expectsBody(long length) {
        body = length == 0 ? null : new BodyDecoder(length, maxHead);
    }

    /** The client wants to be told before it sends the body. */
    void expectsContinue() {
        continues = true;
    }

    /** {@return what came behind the last head, null for nothing} */
    @Nullable
    ByteBuffer takeRest() {
        return bytes.takeRest();
    }

    // ---- bodies -----------------------------------------------------------------------------------------------------

    synchronized boolean isBodyEnded() {
        return body == null || body.isEnded();
    }

    /** {@return whether the client is known to have gone} */
    synchronized boolean isGone() {
        return end != null;
    }

    synchronized boolean isBroken() {
        return broken || end != null;
    }

    /** {@return whether the client still waits to be told to send its body, which it need not any more}; what has to be written first is {@link #takeInterim} */
    synchronized boolean endContinue() {
        boolean waits = continues;
        continues = false;
        return waits;
    }

    synchronized @Nullable ByteBuffer takeInterim() {
        ByteBuffer left = interim;
        interim = null;
        return left;
    }

    /** Ends the request: nobody gets any more of its body. */
    void endTurn() {
        Waker waiting;
        synchronized (this) {
            turn++;
            waiting = taker;
            taker = null;
        }
        wake(waiting);
    }

    /** {@return the body of the request that has begun, each piece within {@code limit}, and all of them at {@code pace}} */
    Source<ByteBuffer> body(Duration limit, Pace pace, @Nullable Clock clock) {
        int mine = turn;
        return new Source<>() {
            @Override
            public Future<Next<ByteBuffer>> next() {
                return async(() -> {
                    try {
                        Next<ByteBuffer> next = await(pace.within(limit, clock, piece(mine)));
                        if (next instanceof Item(var piece)) {
                            pace.moved(piece.remaining());
                        }
                        return next;
                    } catch (TimeoutException e) {
                        throw tooSlow(mine);
                    }
                });
            }

            @Override
            public void close() {}
        };
    }

    /** {@return a future of the next piece of the body of that request} */
    Future<Next<ByteBuffer>> piece(int itsTurn) {
        return new Piece(itsTurn);
    }

    private HttpException tooSlow(int itsTurn) {
        synchronized (this) {
            broken |= itsTurn == turn;
        }
        return HttpException.of(408, "the body takes too long");
    }

    /** The next piece of a body. */
    private final class Piece extends OwnedFuture<Next<ByteBuffer>> {
        private final int mine;
        private boolean waits;

        Piece(int mine) {
            this.mine = mine;
        }

        @Override
        protected Poll<Next<ByteBuffer>> pollOwned(Context cx) throws Exception {
            if (!cx.spend()) {
                return Poll.pending();
            }
            Waker room;
            ByteBuffer piece;
            synchronized (Inbound.this) {
                piece = take();
                waits = piece == null && !isBodyEnded();
                if (waits) {
                    taker = cx.waker();
                }
                room = reader;
                reader = null;
            }
            wake(room);
            if (piece != null) {
                cx.spendBytes(piece.capacity()); // of which it was decoded, the lines between its chunks included
                return Poll.ready(new Item<>(piece));
            }
            return waits ? Poll.pending() : Poll.ready(Next.end());
        }

        private @Nullable ByteBuffer take() throws Exception {
            BodyDecoder now = body;
            if (mine != turn || now == null) {
                throw new IllegalStateException("the body of a request that has been answered");
            }
            if (now.isEnded()) {
                return null;
            }
            if (continues) {
                continues = false;
                ByteBuffer told = ByteBuffer.wrap(CONTINUE);
                stream.tryWrite(told);
                interim = told.hasRemaining() ? told : null;
            }
            ByteBuffer piece;
            try {
                piece = now.next(bytes);
            } catch (ProtocolException e) {
                broken = true;
                throw HttpException.of(400, "the body is none");
            }
            if (piece == null && !now.isEnded() && end != null) {
                throw new IOException("the client went away in the middle of the body", end);
            }
            return piece;
        }

        @Override
        protected void dropOwned() {
            synchronized (Inbound.this) {
                if (waits && mine == turn) {
                    taker = null;
                }
            }
        }

        @Override
        public String toString() {
            return "a piece of the body of " + stream;
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** {@return a future that is ready when the client has gone: it said that it says nothing more, or the connection broke} Until then it takes in what comes. */
    Future<Void> gone() {
        return new Gone();
    }

    private final class Gone extends OwnedFuture<Void> {
        private @Nullable Future<Void> readable;

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            while (true) {
                if (!hasRoom(cx.waker())) {
                    return Poll.pending();
                }
                try {
                    Future<Void> waiting = readable;
                    if (waiting == null) {
                        waiting = stream.readable();
                        Owners.claim(waiting, this);
                        readable = waiting;
                    }
                    if (!Owners.poll(waiting, this, cx).isReady()) {
                        return Poll.pending();
                    }
                    readable = null;
                    if (!take(cx.scratch())) {
                        ended(new IOException("the client has gone"));
                        return Poll.done();
                    }
                } catch (IOException e) {
                    readable = null;
                    ended(e);
                    return Poll.done();
                }
            }
        }

        private boolean hasRoom(Waker waker) {
            synchronized (Inbound.this) {
                reader = bytes.isFull() ? waker : null;
                return reader == null;
            }
        }

        private boolean take(ByteBuffer scratch) throws IOException {
            Waker waiting;
            synchronized (Inbound.this) {
                if (!addedFrom(bytes.allRoom(scratch))) {
                    return false;
                }
                waiting = taker;
                taker = null;
            }
            wake(waiting);
            return true;
        }

        private void ended(IOException why) {
            Waker waiting;
            synchronized (Inbound.this) {
                end = why;
                waiting = taker;
                taker = null;
            }
            wake(waiting);
        }

        @Override
        protected void dropOwned() {
            synchronized (Inbound.this) {
                reader = null;
            }
            if (readable != null) {
                Owners.drop(readable, this);
                readable = null;
            }
        }

        @Override
        public String toString() {
            return "until the client of " + stream + " has gone";
        }
    }

    private static void wake(@Nullable Waker waker) {
        if (waker != null) {
            waker.wake();
        }
    }
}
