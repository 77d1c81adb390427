package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.NotCancelSafe;
import dev.latent.io.Files;
import dev.latent.io.TempFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
 * <p>The names that clients give to their files are what they say, and no paths. A form and its files belong to one task at a time.
 */
public final class Multipart implements AsyncCloseable {
    private static final int IN_MEMORY_BYTES = 16 * 1024;
    private static final int MAX_BOUNDARY = 70;

    /** Of all fields that are no files: they are held in memory, whatever the limits of files are. */
    private static final int FIELDS_BYTES = 1 << 20;

    private final Files world;
    private final Limits limits;
    private final PartDecoder decoder;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final List<UploadedFile> files = new ArrayList<>();

    /** What may stand on the disk, half of it perhaps. */
    private final List<UploadedFile> all = new ArrayList<>();

    /** With what is yet to be written, each once. */
    private final List<UploadedFile> due = new ArrayList<>();

    private int parts;
    private int fieldBytes;

    private Multipart(String boundary, Files world, Limits limits) {
        this.world = world;
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
        private final Files files;

        /** What is not in {@link #temp}, or at {@link #place}. */
        private final ByteArrayOutputStream memory = new ByteArrayOutputStream();

        /** Of a file that is too long for the memory, or null. */
        private @Nullable TempFile temp;

        /** Where it stands, perhaps for good; null of one in memory. */
        private @Nullable Path place;

        private long size;
        private boolean ended;

        private UploadedFile(Disposition said, Files files) {
            this.files = files;
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

        /**
         * {@return a future of all of it}
         *
         * <p><em>Cancel safety:</em> nothing is lost.
         */
        public Future<byte[]> bytes() {
            return Futures.lazy(() -> {
                Path there = place;
                return there == null
                        ? Futures.ready(memory.toByteArray())
                        : files.readAll(there, (int) Math.min(size, Integer.MAX_VALUE - 8));
            });
        }

        /**
         * {@return a future that moves it to {@code target}, where it stays}
         *
         * <p><em>Cancel safety:</em> dropped, it may have happened.
         */
        @NotCancelSafe
        public Future<Void> moveTo(Path target) {
            return async(() -> {
                TempFile moved = temp;
                if (moved == null) {
                    await(files.write(target, ByteBuffer.wrap(memory.toByteArray())));
                } else {
                    await(moved.moveTo(target));
                    place = target;
                }
            });
        }

        private boolean isLong() {
            return memory.size() > IN_MEMORY_BYTES || temp != null;
        }

        /** {@return a future that is ready when what has come stands where it belongs} */
        private Future<Void> settled(Path folder) {
            return async(() -> {
                TempFile disk = temp;
                if (disk == null) {
                    disk = await(files.createTemp(folder, "upload-"));
                    temp = disk;
                    place = disk.path();
                }
                ByteBuffer some = ByteBuffer.wrap(memory.toByteArray());
                memory.reset();
                await(disk.write(some));
                if (ended) {
                    await(disk.shutdownOutput());
                }
            });
        }
    }

    /**
     * {@return a future of the parts of {@code request}, files in {@code folder}}
     *
     * <p>Fails with an {@link HttpException}: 415 when it is no such form, 400 when that is malformed, 413 beyond a limit. What is long is written to the {@link Files} of the executor's world,
     * piece by piece, and no more is read meanwhile.
     *
     * <p><em>Cancel safety:</em> what was read is lost, and its files are deleted.
     */
    @NotCancelSafe
    public static Future<Multipart> read(Request request, Path folder, Limits limits) {
        return async(() -> {
            String type = request.header("content-type");
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
                throw HttpException.of(415, "the body is to be multipart/form-data");
            }
            Multipart form = new Multipart(boundary(type), context().capability(Files.class), limits);
            boolean whole = false;
            try {
                try (var pieces = request.body().limit(limits.bytes()).stream()) {
                    while (await(pieces.next()) instanceof Item(var piece)) {
                        form.decoder.offer(piece);
                        while (!form.due.isEmpty()) {
                            await(form.due.removeFirst().settled(folder));
                        }
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

    // ---- parts, as the decoder finds them -------------------------------------------------------------------------

    private final class Taking implements PartDecoder.Parts {
        private @Nullable UploadedFile part;

        @Override
        public void begin(String head) {
            if (++parts > limits.parts()) {
                throw HttpException.of(413, "a form of more than " + limits.parts() + " parts");
            }
            part = new UploadedFile(Disposition.parse(head), world);
            all.add(part);
        }

        @Override
        public void content(byte[] bytes, int from, int length) {
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
            now.size += length;
            now.memory.write(bytes, from, length);
            mayBeDue(now);
        }

        @Override
        public void end() {
            UploadedFile whole = Objects.requireNonNull(part);
            part = null;
            whole.ended = true;
            if (whole.fileName == null) {
                fields.computeIfAbsent(whole.name(), _ -> new ArrayList<>())
                        .add(whole.memory.toString(StandardCharsets.UTF_8));
                all.removeLast();
            } else {
                files.add(whole);
                mayBeDue(whole);
            }
        }

        private void mayBeDue(UploadedFile file) {
            if (file.fileName != null && file.isLong() && (due.isEmpty() || due.getLast() != file)) {
                due.add(file);
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
            List<Future<Void>> closes = new ArrayList<>();
            for (TempFile each : onDisk()) {
                closes.add(each.closeAsync());
            }
            await(join(closes));
        });
    }

    /** The same, without a wait for the disk. */
    @Override
    public void close() {
        onDisk().forEach(TempFile::close);
    }

    private List<TempFile> onDisk() {
        List<TempFile> files = new ArrayList<>();
        for (UploadedFile each : all) {
            TempFile disk = each.temp;
            if (disk != null) {
                files.add(disk);
            }
        }
        return files;
    }
}
