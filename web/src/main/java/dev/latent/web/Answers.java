package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.io.OpenFile;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.ChannelFile;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.ByteBudget;
import dev.latent.web.http.Headers;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.internal.DateHeader;
import dev.latent.world.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers on a connection, each 64 kB within the write timeout, and all of one at a pace. A failure of the client is an {@link IOException} or a
 * {@link java.util.concurrent.TimeoutException}; any other is ours. What goes out spends the budget of a poll by its bytes: one that has used it up lets others go first.
 *
 * <p>Two goals compete: who asks ahead is to be answered by few writes, and no answer is to wait for anybody. So a small one is held back only while the next request is there, and goes out
 * with its answer; and before anything that may wait, {@link #flush} is awaited: a handler that is not ready at once, a file, a stream, another protocol, the client.
 */
final class Answers {
    static final int CHUNK_BYTES = 64 * 1024;

    /** Of a body in chunks, which are copied to stand between their ends: what each of very many slow clients makes us hold. */
    private static final int PART_BYTES = 16 * 1024;

    /** What an answer that is held back counts for in the budget of a poll, beside its bytes: it was work too. */
    private static final int ANSWER_BYTES = 512;

    /** What is held back at most, but for one answer: the system call is a small part of writing so much. */
    private static final int HELD_BYTES = 16 * 1024;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final Response.Content NONE = new Response.Content.Bytes(NOTHING);
    private static final int SWITCHING = 101;

    private final TcpStream stream;
    private final Duration writeTimeout;

    private final Pace pace;
    private final @Nullable Clock clock;
    private final DateHeader date;

    /** What is held back, or the network has not taken; to be read. Null for nothing. */
    private @Nullable ByteBuffer held;

    /** @param clock who has one has to say when an answer was made */
    Answers(TcpStream stream, Duration writeTimeout, Pace pace, @Nullable Clock clock, DateHeader date) {
        this.stream = stream;
        this.writeTimeout = writeTimeout;
        this.pace = pace;
        this.clock = clock;
        this.date = date;
    }

    /** {@return bytes of memory that an answer takes as long as it is on its way} */
    static long held(Response response) {
        return switch (response.content()) {
            case Response.Content.Bytes(var bytes) -> bytes.length <= ByteBudget.FREE_BYTES ? 0 : bytes.length;
            case Response.Content.OfFile(var file, var _, var _) -> file instanceof ChannelFile ? 0 : CHUNK_BYTES;
            case Response.Content.Streamed _, Response.Content.Upgraded _ -> 0;
        };
    }

    /** How one answer is framed. */
    private enum Framing {
        /** There is no body, and no length of one. */
        NONE,
        /** By its length. */
        LENGTH,
        /** In chunks. */
        CHUNKED,
        /** By the end of the connection. */
        END
    }

    /** {@return whether the connection can go on behind it} */
    static boolean endsByItself(Response response, @Nullable Request request) {
        return framing(response, request) != Framing.END;
    }

    private static Framing framing(Response response, @Nullable Request request) {
        if (response.status() == SWITCHING || response.status() == 204) {
            return Framing.NONE;
        }
        if (response.status() == 304) {
            return Framing.NONE;
        }
        if (response.content() instanceof Response.Content.Streamed(var _, long length) && length < 0) {
            boolean old = request != null && request.version().equals("HTTP/1.0");
            return old ? isHead(request) ? Framing.NONE : Framing.END : Framing.CHUNKED;
        }
        return Framing.LENGTH;
    }

    private static boolean isHead(@Nullable Request request) {
        return request != null && request.method().equals("HEAD");
    }

    private static long length(Response.Content content) {
        return switch (content) {
            case Response.Content.Bytes(var bytes) -> bytes.length;
            case Response.Content.Streamed(var _, long length) -> length;
            case Response.Content.OfFile(var _, var _, long length) -> length;
            case Response.Content.Upgraded _ -> 0;
        };
    }

    /**
     * {@return a future that sends {@code response}, and closes it}
     *
     * @param request null where there was none to be understood
     * @param more whether it may be held back, since the next request is there
     * @param interim to be written before, or null
     */
    Future<Void> send(
            Response response,
            @Nullable Request request,
            boolean keepAlive,
            boolean more,
            @Nullable ByteBuffer interim) {
        Framing framing = framing(response, request);
        return async(() -> {
            try (response) {
                pace.begin();
                if (interim != null) {
                    hold(interim);
                }
                boolean bodiless = framing == Framing.NONE || isHead(request);
                Response.Content content = bodiless ? NONE : response.content();
                ByteBuffer first = head(context().scratch(), response, framing, isOld(request), keepAlive);
                byte[] body = content instanceof Response.Content.Bytes(var bytes) ? bytes : NOTHING;
                int fits = Math.min(body.length, first.remaining());
                first.put(body, 0, fits).flip();
                boolean last = !more || fits < body.length || !(content instanceof Response.Content.Bytes);
                if (!last) {
                    context().spendBytes(ANSWER_BYTES);
                } else if (held == null) {
                    int n = stream.tryWrite(first);
                    context().spendBytes(n);
                    pace.moved(n);
                }
                hold(first);
                if (held != null
                        && (last || held.remaining() >= HELD_BYTES || context().isSpent())) {
                    await(flush());
                }
                switch (content) {
                    case Response.Content.OfFile file -> await(file(file.file(), file.from(), file.length()));
                    case Response.Content.Streamed streamed ->
                        await(streamed(streamed.pieces(), streamed.length(), framing, request));
                    default -> {
                        if (fits < body.length) {
                            await(write(ByteBuffer.wrap(body, fits, body.length - fits)));
                        }
                    }
                }
                if (context().isSpent()) {
                    await(yieldNow());
                }
            }
        });
    }

    private static boolean isOld(@Nullable Request request) {
        return request != null && request.version().equals("HTTP/1.0");
    }

    /** {@return a buffer with room behind the head; {@code scratch}, unless that is too small} */
    private ByteBuffer head(ByteBuffer scratch, Response response, Framing framing, boolean old, boolean keepAlive) {
        try {
            ResponseHead head = new ResponseHead(scratch, response.status());
            Headers said = response.headers();
            head.fields(said);
            if (framing == Framing.LENGTH) {
                head.field("content-length", Long.toString(length(response.content())));
            } else if (framing == Framing.CHUNKED) {
                head.field("transfer-encoding", "chunked");
            }
            if (!keepAlive && !said.lists("connection", "close")) {
                head.field("connection", "close");
            } else if (keepAlive && old && !said.contains("connection")) {
                head.field("connection", "keep-alive");
            }
            if (clock != null && !said.contains("date")) {
                head.field("date", date.at(clock.instant()));
            }
            head.end();
            return scratch;
        } catch (BufferOverflowException e) {
            return head(ByteBuffer.allocate(2 * scratch.capacity()), response, framing, old, keepAlive);
        }
    }

    // ---- holding back -----------------------------------------------------------------------------------------------

    /** {@return whether {@link #flush} has anything to do} */
    boolean isHeld() {
        return held != null;
    }

    /** {@return a future that is ready when nothing is held back} Dropped, what has not gone out is still held. */
    Future<Void> flush() {
        return async(() -> {
            ByteBuffer all = held;
            if (all != null) {
                await(write(all));
                held = null;
            }
        });
    }

    private void hold(ByteBuffer more) {
        int n = more.remaining();
        if (n == 0) {
            return;
        }
        ByteBuffer all = held;
        if (all == null || all.capacity() - all.limit() < n) {
            int before = all == null ? 0 : all.remaining();
            ByteBuffer larger = ByteBuffer.allocate(Math.max(before + n, 2 * before));
            all = all == null ? larger.flip() : larger.put(all).flip();
            held = all;
        }
        int end = all.limit();
        all.limit(end + n).put(end, more, more.position(), n);
        more.position(more.limit());
    }

    // ---- bodies -----------------------------------------------------------------------------------------------------

    private Future<Void> file(OpenFile file, long from, long length) {
        return async(() -> {
            file.position(from);
            long end = from + length;
            while (file.position() < end) {
                long before = file.position();
                try {
                    await(pace.within(writeTimeout, clock, stream.writeFile(file, end - before)));
                } catch (TimeoutException e) {
                    if (file.position() - before < CHUNK_BYTES) {
                        throw e;
                    }
                } catch (FileSystemException e) {
                    throw new UncheckedIOException(e);
                } catch (EOFException e) {
                    throw new IllegalStateException("a file became shorter while it was being served", e);
                } finally {
                    pace.moved(file.position() - before);
                }
            }
        });
    }

    private Future<Void> streamed(
            AsyncStream<ByteBuffer> pieces, long length, Framing framing, @Nullable Request request) {
        return async(() -> {
            long sent = 0;
            while (await(ours(pieces, request)) instanceof Item(var piece)) {
                sent += piece.remaining();
                if (framing == Framing.LENGTH && sent > length) {
                    throw new IllegalStateException("a body of more than the " + length + " bytes that were said");
                }
                while (piece.hasRemaining()) {
                    int n = Math.min(framing == Framing.CHUNKED ? PART_BYTES : CHUNK_BYTES, piece.remaining());
                    ByteBuffer part = piece.slice(piece.position(), n);
                    piece.position(piece.position() + n);
                    await(write(framing == Framing.CHUNKED ? chunk(part) : part));
                }
            }
            if (framing == Framing.CHUNKED) {
                await(write(ByteBuffer.wrap(LAST_CHUNK)));
            } else if (framing == Framing.LENGTH && sent < length) {
                throw new IllegalStateException(
                        "a body of " + sent + " bytes, and not the " + length + " that were said");
            }
        });
    }

    /** A failure of the stream is not the client's, whatever it is. */
    private static Future<dev.latent.Next<ByteBuffer>> ours(AsyncStream<ByteBuffer> pieces, @Nullable Request request) {
        return Futures.recover(pieces.next(), failure -> {
            if (failure instanceof IOException || failure instanceof TimeoutException) {
                throw new BrokenOffException(request, failure);
            }
            throw new IllegalStateException("the stream of the answer to " + request + " failed", failure);
        });
    }

    private static ByteBuffer chunk(ByteBuffer part) {
        byte[] size = Integer.toHexString(part.remaining()).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer all = ByteBuffer.allocate(size.length + part.remaining() + 4);
        return all.put(size)
                .putShort((short) 0x0d0a)
                .put(part)
                .putShort((short) 0x0d0a)
                .flip();
    }

    /**
     * {@return a future that is ready when the network has taken all of {@code bytes}} However fast that is, the others have their turns in between: what the network takes from
     * very many at the same time is seconds of work.
     */
    private Future<Void> write(ByteBuffer bytes) {
        return async(() -> {
            int end = bytes.limit();
            do {
                int begin = bytes.position();
                bytes.limit(Math.min(end, begin + CHUNK_BYTES));
                try {
                    context().spendBytes(stream.tryWrite(bytes));
                    if (bytes.hasRemaining()) {
                        await(pace.within(writeTimeout, clock, stream.write(bytes)));
                    }
                } finally {
                    pace.moved(bytes.position() - begin);
                    bytes.limit(end);
                }
                if (context().isSpent()) {
                    await(yieldNow());
                }
            } while (bytes.hasRemaining());
        });
    }
}
