package dev.latent.interop.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Source;
import dev.latent.io.AsyncReader;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, as it comes. One read at a time may wait. Closed before its end it ends the exchange, which costs the connection; the client, unless it is busy, takes up to three
 * seconds to close that.
 *
 * <p>The client is asked for a piece, of some 16 kB, when a read finds none; so who reads slowly slows down the peer.
 *
 * <p>All fields are under the monitor, the waker's place apart; the client and wakers are called outside. A piece that comes after the close is let go.
 */
public final class HttpBody implements AsyncReader, Releasable, HttpResponse.BodySubscriber<HttpBody> {
    private static final int PIECE_BYTES = 16 * 1024;

    private final String name;
    private final ArrayDeque<ByteBuffer> here = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;

    /** The client was asked, or will be as soon as it is known, and has not answered. */
    private boolean asked;

    private boolean ended;
    private @Nullable Throwable failure;
    private boolean closed;
    private @Nullable Read reader;

    /** Left by a read under the monitor, as it finds nothing; woken behind each section in which that has changed. */
    private final AtomicWaker waiting = new AtomicWaker();

    HttpBody(String name) {
        this.name = name;
    }

    // ---- the client's side ------------------------------------------------------------------------------------------

    /** For the client: the body is here from the beginning. */
    @Override
    public CompletionStage<HttpBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    /** For the client. */
    @Override
    public void onSubscribe(Flow.Subscription its) {
        boolean cancels;
        boolean asks;
        synchronized (this) {
            cancels = closed || subscription != null;
            asks = asked;
            if (!cancels) {
                subscription = its;
            }
        }
        if (cancels) {
            its.cancel();
        } else if (asks) {
            its.request(1);
        }
    }

    /** For the client. */
    @Override
    public void onNext(List<ByteBuffer> piece) {
        Flow.Subscription more = null;
        synchronized (this) {
            if (closed) {
                return;
            }
            for (ByteBuffer each : piece) {
                if (each.hasRemaining()) {
                    here.add(each);
                }
            }
            if (here.isEmpty()) {
                more = subscription;
            } else {
                asked = false;
            }
        }
        if (more != null) {
            more.request(1);
        } else {
            waiting.wake();
        }
    }

    /** For the client. */
    @Override
    public void onError(Throwable thrown) {
        end(thrown);
    }

    /** For the client. */
    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable thrown) {
        synchronized (this) {
            ended = true;
            failure = thrown;
        }
        waiting.wake();
    }

    // ---- the reader's side ------------------------------------------------------------------------------------------

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return new Read(to);
    }

    /** {@return the rest of this as a stream of pieces, as they come, no faster than they are asked for; closed, it closes this} */
    public AsyncStream<ByteBuffer> stream() {
        return AsyncStream.from(new Pieces());
    }

    private final class Pieces implements Source<ByteBuffer> {
        @Override
        public Future<Next<ByteBuffer>> next() {
            return async(() -> {
                ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
                return await(read(piece)) < 0 ? Next.end() : new Item<>(piece.flip());
            });
        }

        @Override
        public void close() {
            HttpBody.this.close();
        }

        @Override
        public String toString() {
            return "pieces of " + HttpBody.this;
        }
    }

    private final class Read extends OwnedFuture<Integer> {
        private final ByteBuffer to;

        Read(ByteBuffer to) {
            this.to = to;
        }

        @Override
        protected Poll<Integer> pollOwned(Context cx) throws IOException {
            if (!to.hasRemaining()) {
                throw new IllegalArgumentException(this + " into a full buffer: clear() or compact() it first");
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
            Flow.Subscription asks;
            synchronized (HttpBody.this) {
                if (reader != null && reader != this) {
                    throw new IllegalStateException(this + " while another one waits: one at a time");
                }
                reader = null;
                if (closed) {
                    throw new IOException("the body of " + name + " is closed");
                }
                if (!here.isEmpty()) {
                    return Poll.ready(take());
                }
                if (failure != null) {
                    throw new IOException("the body of " + name + " broke off: " + failure.getMessage(), failure);
                }
                if (ended) {
                    return Poll.ready(-1);
                }
                reader = this;
                waiting.register(cx.waker());
                asks = asked ? null : subscription;
                asked = true;
            }
            cx.unspend();
            if (asks != null) {
                asks.request(1);
            }
            return Poll.pending();
        }

        private int take() {
            int before = to.position();
            while (to.hasRemaining() && !here.isEmpty()) {
                ByteBuffer first = here.element();
                int n = Math.min(first.remaining(), to.remaining());
                to.put(first.slice(first.position(), n));
                first.position(first.position() + n);
                if (!first.hasRemaining()) {
                    here.remove();
                }
            }
            return to.position() - before;
        }

        @Override
        protected void dropOwned() {
            synchronized (HttpBody.this) {
                if (reader == this) {
                    reader = null;
                    waiting.take();
                }
            }
        }

        @Override
        public String toString() {
            return "read of the body of " + name;
        }
    }

    /** Ends the exchange, if the body has not ended. A read that waits fails. */
    @Override
    public void close() {
        Flow.Subscription its;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            here.clear();
            its = ended ? null : subscription;
        }
        if (its != null) {
            its.cancel();
        }
        waiting.wake();
    }

    @Override
    public String toString() {
        return "body of " + name;
    }
}
