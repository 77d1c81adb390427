package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NotCancelSafe;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The body of a request, to be read once. Nothing of it is read before it is asked for, and no faster: a client that sends more than
 * is taken waits.
 */
public final class Body {
    private static final int MAX_FIELDS = 1024;
    private static final byte[] NOTHING = {};

    /** No body; there is nothing to be read, so it may be read as often as one likes. */
    public static final Body NONE = of(NOTHING);

    private final Source<ByteBuffer> source;
    private final long length;
    private final long limit;

    private Body(Source<ByteBuffer> source, long length, long limit) {
        this.source = source;
        this.length = length;
        this.limit = limit;
    }

    /** {@return a body of these bytes} */
    public static Body of(byte[] bytes) {
        return new Body(new Once(bytes), bytes.length, Long.MAX_VALUE);
    }

    /**
     * {@return a body of what {@code source} gives}
     *
     * @param length in bytes, negative where it is not known
     */
    public static Body of(Source<ByteBuffer> source, long length, long limit) {
        return new Body(source, length, limit);
    }

    /** {@return its length in bytes as far as the client has said, negative where it has not} */
    public long length() {
        return length;
    }

    /** {@return the same body, of which up to so many bytes are taken, instead of what the server is set to; more are answered 413} */
    public Body limit(long bytes) {
        return new Body(source, length, bytes);
    }

    /**
     * {@return the body, piece by piece}
     *
     * <p>Fails with an {@link HttpException}: 413 beyond the limit, 408 when the client takes too long for a piece, 400 when what it sends is no
     * body; with an {@link java.io.IOException} when it has gone.
     */
    public AsyncStream<ByteBuffer> stream() {
        return AsyncStream.from(new Limited());
    }

    /**
     * {@return a future of all of it} Fails as {@link #stream}.
     *
     * <p><em>Cancel safety:</em> what was read is lost.
     */
    @NotCancelSafe
    public Future<byte[]> bytes() {
        return async(() -> {
            Source<ByteBuffer> pieces = new Limited();
            ByteArrayOutputStream all = new ByteArrayOutputStream(Math.clamp(length, 32, 8192));
            while (await(pieces.next()) instanceof Item(var piece)) {
                if (piece.hasArray()) {
                    all.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
                } else {
                    byte[] some = new byte[piece.remaining()];
                    piece.get(some);
                    all.write(some, 0, some.length);
                }
            }
            return all.toByteArray();
        });
    }

    /**
     * {@return the same as a text in UTF-8}
     *
     * <p><em>Cancel safety:</em> as {@link #bytes}.
     */
    @NotCancelSafe
    public Future<String> text() {
        return text(StandardCharsets.UTF_8);
    }

    /**
     * {@return the same as a text}
     *
     * <p><em>Cancel safety:</em> as {@link #bytes}.
     */
    @NotCancelSafe
    public Future<String> text(Charset charset) {
        return Futures.map(bytes(), all -> new String(all, charset));
    }

    /**
     * {@return a future of the fields of a form, {@code application/x-www-form-urlencoded}, name by name} Fails as {@link #stream}, and with 400
     * when it is badly encoded.
     *
     * <p><em>Cancel safety:</em> what was read is lost.
     */
    @NotCancelSafe
    public Future<Map<String, List<String>>> form() {
        return Futures.map(text(), all -> {
            try {
                return new QueryStringDecoder(all, StandardCharsets.UTF_8, false, MAX_FIELDS).parameters();
            } catch (IllegalArgumentException e) {
                throw HttpException.of(400, "the form is badly encoded");
            }
        });
    }

    /** Counts what comes. */
    private final class Limited implements Source<ByteBuffer> {
        private long taken;

        @Override
        public Future<Next<ByteBuffer>> next() {
            if (length > limit) {
                return Futures.failed(tooLarge());
            }
            return Futures.map(source.next(), next -> {
                if (next instanceof Item(var piece)) {
                    taken += piece.remaining();
                    if (taken > limit) {
                        throw tooLarge();
                    }
                }
                return next;
            });
        }

        private HttpException tooLarge() {
            return HttpException.of(413, "the body has more than " + limit + " bytes");
        }

        @Override
        public void close() {
            source.close();
        }
    }

    private static final class Once implements Source<ByteBuffer> {
        private byte[] bytes;

        Once(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public Future<Next<ByteBuffer>> next() {
            return Futures.lazy(() -> {
                if (bytes.length == 0) {
                    return Futures.ready(Next.end());
                }
                ByteBuffer all = ByteBuffer.wrap(bytes);
                bytes = NOTHING;
                return Futures.ready(new Item<>(all));
            });
        }

        @Override
        public void close() {
            bytes = NOTHING;
        }
    }
}
