package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.io.OpenFile;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.ChannelFile;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.internal.DateHeader;
import dev.latent.web.internal.HttpCodec;
import dev.latent.world.Clock;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers on a connection, each 64 kB within the write timeout, and all of one at a pace. A failure of the client is an {@link IOException} or a
 * {@link java.util.concurrent.TimeoutException}; any other is ours.
 */
final class Answers {
    static final int CHUNK_BYTES = 64 * 1024;

    /** Of a body in chunks, which are copied to stand between their ends: what each of very many slow clients makes us hold. */
    private static final int PART_BYTES = 16 * 1024;

    /** What one connection writes before the others have their turn. */
    private static final int TURN_BYTES = 16 * 1024;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final int SWITCHING = 101;

    private final TcpStream stream;
    private final Duration writeTimeout;

    private final Pace pace;
    private final @Nullable Clock clock;
    private final DateHeader date;

    /** Bytes that went out since this connection's task has waited. */
    private int sinceTurn;

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
            case Response.Content.Bytes(var bytes) -> bytes.length;
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
     * @param interim to be written before, or null
     */
    Future<Void> send(Response response, @Nullable Request request, boolean keepAlive, @Nullable ByteBuffer interim) {
        Framing framing = framing(response, request);
        return async(() -> {
            try (response) {
                pace.begin();
                byte[] head = head(response, framing, isOld(request), keepAlive);
                if (interim != null) {
                    await(write(interim));
                }
                boolean bodiless = framing == Framing.NONE || isHead(request);
                switch (response.content()) {
                    case Response.Content.Bytes(var bytes) -> await(whole(head, bodiless ? NOTHING : bytes));
                    case Response.Content.OfFile file
                    when !bodiless -> {
                        await(write(ByteBuffer.wrap(head)));
                        await(file(file.file(), file.from(), file.length()));
                    }
                    case Response.Content.Streamed streamed
                    when !bodiless -> {
                        await(write(ByteBuffer.wrap(head)));
                        await(streamed(streamed.pieces(), streamed.length(), framing, request));
                    }
                    default -> await(write(ByteBuffer.wrap(head)));
                }
            }
        });
    }

    private static boolean isOld(@Nullable Request request) {
        return request != null && request.version().equals("HTTP/1.0");
    }

    private byte[] head(Response response, Framing framing, boolean old, boolean keepAlive) {
        HttpResponse head = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        HttpHeaders headers = head.headers();
        response.headers().forEach(headers::add);
        if (framing == Framing.LENGTH) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length(response.content()));
        } else if (framing == Framing.CHUNKED) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (response.status() != SWITCHING && !response.headers().contains("connection")) {
            if (!keepAlive) {
                headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            } else if (old) {
                headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
            }
        }
        if (clock != null && !headers.contains(HttpHeaderNames.DATE)) {
            headers.set(HttpHeaderNames.DATE, date.at(clock.instant()));
        }
        return HttpCodec.encode(head);
    }

    private Future<Void> whole(byte[] head, byte[] body) {
        if (head.length + body.length <= CHUNK_BYTES) {
            ByteBuffer both = ByteBuffer.allocate(head.length + body.length);
            return write(both.put(head).put(body).flip());
        }
        return async(() -> {
            await(write(ByteBuffer.wrap(head)));
            await(write(ByteBuffer.wrap(body)));
        });
    }

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
            while (true) {
                if (sinceTurn >= TURN_BYTES) {
                    sinceTurn = 0;
                    await(yieldNow());
                }
                int begin = bytes.position();
                int end = bytes.limit();
                bytes.limit(Math.min(end, bytes.position() + CHUNK_BYTES));
                sinceTurn += stream.tryWrite(bytes);
                if (bytes.hasRemaining()) {
                    sinceTurn = 0;
                    await(pace.within(writeTimeout, clock, stream.write(bytes)));
                }
                pace.moved(bytes.position() - begin);
                bytes.limit(end);
                if (!bytes.hasRemaining()) {
                    return;
                }
            }
        });
    }
}
