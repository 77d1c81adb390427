package dev.latent.interop.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;

import dev.latent.AsyncCloseable;
import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NotCancelSafe;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of the JDK's client. It is a {@link Source} of whole messages, which the peer is asked for one at a time; pings are answered by the client.
 *
 * <p>One send and one {@link #next} at a time may wait. {@link #closeAsync} says goodbye and waits five seconds for the answer; {@link #close} breaks off.
 *
 * <p>What has come is under the monitor; the client and wakers are called outside.
 */
public final class HttpWebSocket implements Source<HttpWebSocket.Message>, AsyncCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    /** A whole message. */
    public sealed interface Message {
        /** In characters. */
        record Text(String text) implements Message {}

        /** In bytes, whose array is the receiver's. */
        @SuppressWarnings("ArrayRecordComponent")
        record Binary(byte[] bytes) implements Message {}
    }

    private static final int NO_CODE = -1;

    private final int limit;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    /** Written once, before anybody has this. */
    private volatile @Nullable WebSocket socket;

    // Of the client, which calls one after the other: the parts of a message.

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    // Under the monitor of this.

    private @Nullable Message here;
    private boolean asked;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    private int closeCode = NO_CODE;
    private @Nullable Receive receiver;

    /** Left by a receive under the monitor, as it finds nothing; woken behind each section in which that has changed. */
    private final AtomicWaker waiting = new AtomicWaker();

    /** Of the sends of one task after the other: the last one that was begun. */
    private CompletionStage<?> sent = CompletableFuture.completedFuture(null);

    private HttpWebSocket(int limit) {
        this.limit = limit;
    }

    /** {@link Http#webSocket}. */
    static final class Opening extends OwnedFuture<HttpWebSocket> {
        private final URI uri;
        private final HttpWebSocket opened;
        private final Future<WebSocket> opening;

        Opening(HttpClient client, URI uri, int limit, Consumer<? super WebSocket.Builder> settings) {
            this.uri = uri;
            this.opened = new HttpWebSocket(limit);
            this.opening = Futures.fromCompletionStage(() -> {
                WebSocket.Builder builder = client.newWebSocketBuilder();
                settings.accept(builder);
                return builder.buildAsync(uri, opened.new Heard());
            });
            Owners.claim(opening, this);
        }

        @Override
        protected Poll<HttpWebSocket> pollOwned(Context cx) throws Exception {
            return Owners.poll(opening, this, cx).isReady() ? Poll.ready(opened) : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            Owners.drop(opening, this);
            opened.close();
        }

        @Override
        protected List<? extends Future<?>> children() {
            return List.of(opening);
        }

        @Override
        public String toString() {
            return "opening of " + uri;
        }
    }

    // ---- the client's side ------------------------------------------------------------------------------------------

    private final class Heard implements WebSocket.Listener {
        @Override
        public void onOpen(WebSocket its) {
            boolean aborts;
            boolean asks;
            synchronized (HttpWebSocket.this) {
                socket = its;
                aborts = closed;
                asks = asked;
            }
            if (aborts) {
                its.abort();
            } else if (asks) {
                its.request(1);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket its, CharSequence data, boolean last) {
            if (text.length() + data.length() > limit) {
                return tooLong(its);
            }
            text.append(data);
            if (!last) {
                its.request(1);
                return null;
            }
            String whole = text.toString();
            text.setLength(0);
            return deliver(new Message.Text(whole));
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket its, ByteBuffer data, boolean last) {
            if (bytes.size() + data.remaining() > limit) {
                return tooLong(its);
            }
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (!last) {
                its.request(1);
                return null;
            }
            byte[] whole = bytes.toByteArray();
            bytes.reset();
            return deliver(new Message.Binary(whole));
        }

        private @Nullable CompletionStage<?> deliver(Message message) {
            synchronized (HttpWebSocket.this) {
                here = message;
                asked = false;
            }
            waiting.wake();
            return null;
        }

        private @Nullable CompletionStage<?> tooLong(WebSocket its) {
            end(new IOException("a message is longer than " + limit), NO_CODE);
            its.abort();
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket its, int code, String reason) {
            end(null, code);
            return null;
        }

        @Override
        public void onError(WebSocket its, Throwable error) {
            end(error, NO_CODE);
        }
    }

    private void end(@Nullable Throwable why, int code) {
        synchronized (this) {
            if (!ended) {
                ended = true;
                failure = why;
                closeCode = code;
            }
        }
        over.complete(null);
        waiting.wake();
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    /**
     * {@return a future of the next message, or of the end: the peer has said goodbye, or this was closed}
     *
     * <p><em>Throws</em> {@link IOException} once when the connection broke off, or a message was too long; then comes the end.
     */
    @Override
    public Future<Next<Message>> next() {
        return new Receive();
    }

    private final class Receive extends OwnedFuture<Next<Message>> {
        @Override
        protected Poll<Next<Message>> pollOwned(Context cx) throws IOException {
            if (!cx.spend()) {
                return Poll.pending();
            }
            WebSocket asks;
            synchronized (HttpWebSocket.this) {
                if (receiver != null && receiver != this) {
                    throw new IllegalStateException(this + " while another one waits: one at a time");
                }
                receiver = null;
                Message message = here;
                if (message != null) {
                    here = null;
                    return Poll.ready(new Item<>(message));
                }
                Throwable why = failure;
                if (why != null && !closed) {
                    failure = null;
                    String said = why.getMessage();
                    throw new IOException("the WebSocket broke off: " + (said == null ? why : said), why);
                }
                if (ended || closed) {
                    return Poll.ready(Next.end());
                }
                receiver = this;
                waiting.register(cx.waker());
                asks = asked ? null : socket;
                asked = true;
            }
            cx.unspend();
            if (asks != null) {
                asks.request(1);
            }
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            synchronized (HttpWebSocket.this) {
                if (receiver == this) {
                    receiver = null;
                    waiting.take();
                }
            }
        }

        @Override
        public String toString() {
            return "next of a WebSocket";
        }
    }

    /** {@return the messages as a stream} It owns this, and closes it at its end. */
    public AsyncStream<Message> stream() {
        return AsyncStream.from(this);
    }

    /**
     * {@return a future that is ready when {@code message} has been handed to the network}
     *
     * <p><em>Cancel safety:</em> dropped, it may have happened, of the whole message or not at all; the next send waits for it.
     *
     * <p><em>Throws</em> {@link IOException} when the connection is closed.
     */
    @NotCancelSafe
    public Future<Void> send(String message) {
        return sending(() -> opened().sendText(message, true));
    }

    /** {@return as {@link #send(String)}, of what remains of {@code message}} */
    @NotCancelSafe
    public Future<Void> send(ByteBuffer message) {
        return sending(() -> opened().sendBinary(message, true));
    }

    private Future<Void> sending(Supplier<? extends CompletionStage<?>> send) {
        return async(() -> {
            await(Futures.observe(sent.handle((_, _) -> "over"))); // whatever became of it
            CompletionStage<?> begun = send.get();
            sent = begun;
            await(Futures.observe(begun));
        });
    }

    private WebSocket opened() {
        WebSocket its = socket;
        if (its == null) {
            throw new IllegalStateException("the WebSocket is not open");
        }
        return its;
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** {@return the code with which the peer has closed (RFC 6455, 7.4)}; empty while it has not. */
    public synchronized OptionalInt closeCode() {
        return closeCode == NO_CODE ? OptionalInt.empty() : OptionalInt.of(closeCode);
    }

    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            WebSocket its = socket;
            try {
                if (its != null && !its.isOutputClosed()) {
                    its.request(Long.MAX_VALUE); // what comes before the answer is in nobody's way
                    await(withTimeout(GOODBYE, goodbye()));
                }
            } finally {
                close();
            }
        });
    }

    private Future<Void> goodbye() {
        return async(() -> {
            try {
                await(sending(() -> opened().sendClose(WebSocket.NORMAL_CLOSURE, "")));
                await(Futures.observe(over));
            } catch (IOException e) {
                // it has ended otherwise
            }
        });
    }

    /** Breaks off, without a goodbye. */
    @Override
    public void close() {
        WebSocket its;
        synchronized (this) {
            closed = true;
            its = socket;
        }
        if (its != null) {
            its.abort();
        }
        waiting.wake();
    }

    @Override
    public String toString() {
        return "WebSocket" + (closed ? ", closed" : "");
    }
}
