package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Item;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a form with files, {@code multipart/form-data} (RFC 7578). What is longer than 16 kB stands in a file of its own, which goes with the close:
 *
 * <pre>{@code
 * try (var form = await(Multipart.read(request, uploads, Limits.DEFAULT))) {
 *     await(form.files().getFirst().moveTo(pictures.resolve(newName())));
 * }
 * }</pre>
 *
 * <p>The names that clients give to their files are what they say, and no paths.
 */
public final class Multipart implements AsyncCloseable {
    private static final int IN_MEMORY_BYTES = 16 * 1024;
    private static final byte[] CR = {'\r'};

    private final HttpPostMultipartRequestDecoder decoder;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final List<UploadedFile> files = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean heldCr;

    private Multipart(HttpPostMultipartRequestDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * What a form may take.
     *
     * @param bytes of all of it
     * @param partBytes of one part
     * @param parts fields and files
     */
    public record Limits(long bytes, long partBytes, int parts) {
        /** 32 MiB, 16 MiB a part, 128 parts. */
        public static final Limits DEFAULT = new Limits(32L << 20, 16L << 20, 128);
    }

    /** A file that was sent. */
    public static final class UploadedFile {
        private final FileUpload upload;

        private UploadedFile(FileUpload upload) {
            this.upload = upload;
        }

        /** {@return the name of its field} */
        public String name() {
            return upload.getName();
        }

        /** {@return what the client calls it: never to be used as a path} */
        public String fileName() {
            return upload.getFilename();
        }

        /** {@return the type that the client gives it, null for none} */
        public @Nullable String contentType() {
            return upload.getContentType();
        }

        /** {@return its length in bytes} */
        public long size() {
            return upload.length();
        }

        /** {@return a future of all of it} */
        public Future<byte[]> bytes() {
            return spawnBlocking(upload::get);
        }

        /**
         * {@return a future that moves it to {@code target}, where it stays}
         *
         * <p><em>Cancel safety:</em> dropped, it may have happened.
         */
        public Future<Void> moveTo(Path target) {
            return async(() -> {
                await(spawnBlocking(() -> {
                    if (!upload.renameTo(target.toFile())) {
                        throw new IOException("can't move an uploaded file to " + target);
                    }
                    return target;
                }));
            });
        }
    }

    /**
     * {@return a future of the parts of {@code request}, files in {@code folder}}
     *
     * <p>Fails with an {@link HttpException}: 415 when it is no such form, 400 when that is malformed, 413 beyond a limit. What writes runs on the
     * executor's blocking pool, piece by piece, and no more is read meanwhile.
     *
     * <p><em>Cancel safety:</em> what was read is lost, and its files are deleted.
     */
    public static Future<Multipart> read(Request request, Path folder, Limits limits) {
        return async(() -> {
            String type = request.header("content-type");
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
                throw HttpException.of(415, "the body is to be multipart/form-data");
            }
            if (!type.toLowerCase(Locale.ROOT).contains("boundary=")) {
                throw HttpException.of(400, "the form is malformed");
            }
            Multipart form = new Multipart(decoder(type, folder, limits));
            boolean whole = false;
            try {
                try (var pieces = request.body().limit(limits.bytes()).stream()) {
                    while (await(pieces.next()) instanceof Item(var piece)) {
                        await(form.offer(new DefaultHttpContent(form.upToCr(piece)), limits));
                    }
                }
                await(form.offer(new DefaultLastHttpContent(form.upToCr(ByteBuffer.allocate(0))), limits));
                whole = true;
                return form;
            } finally {
                if (!whole) {
                    await(form.closeAsync());
                }
            }
        });
    }

    private static HttpPostMultipartRequestDecoder decoder(String type, Path folder, Limits limits) {
        DefaultHttpDataFactory factory = new DefaultHttpDataFactory(IN_MEMORY_BYTES);
        factory.setBaseDir(folder.toString());
        factory.setDeleteOnExit(false);
        factory.setMaxLimit(limits.partBytes());
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        head.headers().set("content-type", type);
        try {
            return new HttpPostMultipartRequestDecoder(
                    factory, head, java.nio.charset.StandardCharsets.UTF_8, limits.parts(), IN_MEMORY_BYTES);
        } catch (HttpPostRequestDecoder.ErrorDataDecoderException e) {
            throw HttpException.of(400, "the form is malformed");
        }
    }

    /** {@return what is to be decoded now} Netty takes the CR of a delimiter for a part's own when the LF comes later, so a CR at the end waits for what follows it. */
    private ByteBuf upToCr(ByteBuffer piece) {
        boolean before = heldCr;
        heldCr = piece.hasRemaining() && piece.get(piece.limit() - 1) == '\r';
        if (heldCr) {
            piece.limit(piece.limit() - 1);
        }
        return before
                ? Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(CR), Unpooled.wrappedBuffer(piece))
                : Unpooled.wrappedBuffer(piece);
    }

    private Future<Boolean> offer(HttpContent content, Limits limits) {
        return spawnBlocking(() -> {
            try {
                decoder.offer(content);
                if (!take() && content instanceof DefaultLastHttpContent) {
                    throw HttpException.of(400, "the form ends in the middle");
                }
                return true;
            } catch (HttpPostRequestDecoder.TooManyFormFieldsException
                    | HttpPostRequestDecoder.TooLongFormFieldException e) {
                throw HttpException.of(413, "a form with too many parts, or too long names");
            } catch (HttpPostRequestDecoder.ErrorDataDecoderException e) {
                throw e.getCause() instanceof IOException
                        ? HttpException.of(413, "a part of more than " + limits.partBytes() + " bytes")
                        : HttpException.of(400, "the form is malformed");
            } finally {
                content.release();
            }
        });
    }

    /** {@return whether the form has ended} */
    private boolean take() throws IOException {
        try {
            while (decoder.hasNext()) {
                InterfaceHttpData data = decoder.next();
                if (data instanceof FileUpload upload) {
                    files.add(new UploadedFile(upload));
                } else if (data instanceof Attribute attribute) {
                    fields.computeIfAbsent(attribute.getName(), _ -> new ArrayList<>())
                            .add(attribute.getValue());
                }
            }
            return false;
        } catch (HttpPostRequestDecoder.EndOfDataDecoderException e) {
            return true;
        }
    }

    /** {@return the fields that are no files, name by name} */
    public Map<String, List<String>> fields() {
        return fields;
    }

    /** {@return the first value of that field, null where there is none} */
    public @Nullable String field(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.getFirst();
    }

    /** {@return the files, in their order} */
    public List<UploadedFile> files() {
        return files;
    }

    /** {@return a future that deletes all files that have not been moved} */
    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            if (closed.compareAndSet(false, true)) {
                await(spawnBlocking(() -> {
                    destroy();
                    return true;
                }));
            }
        });
    }

    private void destroy() {
        decoder.destroy();
    }

    /** The same, on this thread. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            destroy();
        }
    }
}
