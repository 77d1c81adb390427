package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a form with files, {@code multipart/form-data} (RFC 7578). A file that is longer than 16 kB stands on the disk until the close; fields are held in memory, up to
 * 1 MiB of them altogether:
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
    private static final int MAX_BOUNDARY = 70;

    /** Of all fields that are no files: they are held in memory, whatever the limits of files are. */
    private static final int FIELDS_BYTES = 1 << 20;

    private final Path folder;
    private final Limits limits;
    private final PartDecoder decoder;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final List<UploadedFile> files = new ArrayList<>();

    /** What may stand on the disk, half of it perhaps. */
    private final List<UploadedFile> all = new ArrayList<>();

    private int parts;
    private int fieldBytes;
    private boolean closed;

    private Multipart(String boundary, Path folder, Limits limits) {
        this.folder = folder;
        this.limits = limits;
        this.decoder = new PartDecoder(boundary, IN_MEMORY_BYTES, new Taking());
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
        private final String name;
        private final @Nullable String fileName;
        private final @Nullable String contentType;
        private final ByteArrayOutputStream memory = new ByteArrayOutputStream();

        /** What is longer stands there, and not in memory. */
        private @Nullable Path disk;

        private @Nullable OutputStream writing;
        private long size;
        private boolean moved;

        private UploadedFile(Disposition said) {
            this.name = said.name();
            this.fileName = said.fileName();
            this.contentType = said.contentType();
        }

        /** {@return the name of its field} */
        public String name() {
            return name;
        }

        /**
         * {@return what the client calls it, without the folders that some put before it (RFC 7578, 4.2); empty where there is nothing else, as when no file was chosen}
         *
         * <p>It is the client's word: somebody else's file may have the same name, and it may be one that the system does not like.
         */
        public String fileName() {
            String said = Objects.requireNonNull(fileName);
            String last = said.substring(Math.max(said.lastIndexOf('/'), said.lastIndexOf('\\')) + 1);
            return last.equals(".") || last.equals("..") || last.indexOf('\0') >= 0 ? "" : last;
        }

        /** {@return the type that the client gives it, null for none} */
        public @Nullable String contentType() {
            return contentType;
        }

        /** {@return its length in bytes} */
        public long size() {
            return size;
        }

        /** {@return a future of all of it} */
        public Future<byte[]> bytes() {
            return spawnBlocking(this::read);
        }

        /**
         * {@return a future that moves it to {@code target}, where it stays}
         *
         * <p><em>Cancel safety:</em> dropped, it may have happened.
         */
        public Future<Void> moveTo(Path target) {
            return async(() -> {
                await(spawnBlocking(() -> {
                    move(target);
                    return true;
                }));
            });
        }

        private synchronized void add(byte[] bytes, int from, int length, Path folder) throws IOException {
            size += length;
            if (writing == null && size > IN_MEMORY_BYTES) {
                disk = Files.createTempFile(folder, "upload-", ".part");
                writing = Files.newOutputStream(disk);
                memory.writeTo(writing);
                memory.reset();
            }
            (writing == null ? memory : writing).write(bytes, from, length);
        }

        private synchronized void end() throws IOException {
            OutputStream last = writing;
            writing = null;
            if (last != null) {
                last.close();
            }
        }

        private synchronized byte[] read() throws IOException {
            return disk == null ? memory.toByteArray() : Files.readAllBytes(disk);
        }

        private synchronized void move(Path target) throws IOException {
            if (disk == null) {
                Files.write(target, memory.toByteArray());
            } else {
                Files.move(disk, target, StandardCopyOption.REPLACE_EXISTING);
                disk = target;
                moved = true;
            }
        }

        private synchronized void delete() {
            try {
                end();
            } catch (IOException e) {
                // what could not be written is not wanted any more
            }
            if (disk != null && !moved) {
                try {
                    Files.deleteIfExists(disk);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
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
            Multipart form = new Multipart(boundary(type), folder, limits);
            boolean whole = false;
            try {
                try (var pieces = request.body().limit(limits.bytes()).stream()) {
                    while (await(pieces.next()) instanceof Item(var piece)) {
                        await(form.offer(piece));
                    }
                }
                if (!form.decoder.isEnded()) {
                    throw HttpException.of(400, "the form ends in the middle");
                }
                whole = true;
                return form;
            } finally {
                if (!whole) {
                    await(form.closeAsync());
                }
            }
        });
    }

    private static String boundary(String type) {
        String boundary = Disposition.parameter(type, "boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw Disposition.malformed();
        }
        return boundary;
    }

    private Future<Boolean> offer(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        return spawnBlocking(() -> {
            synchronized (this) {
                if (!closed) {
                    decoder.offer(bytes, 0, bytes.length);
                }
                return true;
            }
        });
    }

    // ---- parts, as the decoder finds them, under this monitor
    // --------------------------------------------------------

    private final class Taking implements PartDecoder.Parts {
        private @Nullable UploadedFile part;

        @Override
        public void begin(String head) {
            if (++parts > limits.parts()) {
                throw HttpException.of(413, "a form of more than " + limits.parts() + " parts");
            }
            part = new UploadedFile(Disposition.parse(head));
            all.add(part);
        }

        @Override
        public void content(byte[] bytes, int from, int length) throws IOException {
            UploadedFile now = Objects.requireNonNull(part);
            if (now.size + length > limits.partBytes()) {
                throw HttpException.of(413, "a part of more than " + limits.partBytes() + " bytes");
            }
            if (now.fileName == null) {
                fieldBytes += length;
                if (fieldBytes > FIELDS_BYTES) {
                    throw HttpException.of(413, "fields of more than " + FIELDS_BYTES + " bytes");
                }
            }
            now.add(bytes, from, length, folder);
        }

        @Override
        public void end() throws IOException {
            UploadedFile whole = Objects.requireNonNull(part);
            part = null;
            whole.end();
            if (whole.fileName == null) {
                fields.computeIfAbsent(whole.name(), _ -> new ArrayList<>())
                        .add(new String(whole.read(), StandardCharsets.UTF_8));
                whole.delete();
                all.removeLast();
            } else {
                files.add(whole);
            }
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
            if (!isClosed()) {
                await(spawnBlocking(() -> {
                    close();
                    return true;
                }));
            }
        });
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The same, on this thread. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            all.forEach(UploadedFile::delete);
        }
    }
}
