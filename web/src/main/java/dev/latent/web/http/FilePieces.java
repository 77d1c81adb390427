package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Source;
import dev.latent.io.OpenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The bytes of a file on their way to be something else than the file: compressed, or parts of it. What is open is closed with it. */
abstract class FilePieces implements Source<ByteBuffer> {
    final OpenFile file;

    private FilePieces(OpenFile file) {
        this.file = file;
    }

    @Override
    public void close() {
        file.close();
    }

    /** {@return the next bytes of the file, up to so many, in a buffer of their own; fails where it has ended} */
    final Future<ByteBuffer> piece(int atMost) {
        return async(() -> {
            ByteBuffer piece = ByteBuffer.allocate(atMost);
            if (await(file.read(piece)) < 0) {
                throw new IllegalStateException("a file became shorter while it was being served");
            }
            return piece.flip();
        });
    }

    /** {@return the whole of {@code file}, compressed} */
    static FilePieces gzip(OpenFile file) {
        return new Gzip(file);
    }

    private static final class Gzip extends FilePieces {
        /** Bytes that are compressed in one go: some 300 µs. */
        private static final int PIECE_BYTES = 16 * 1024;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final GZIPOutputStream zip;
        private boolean ended;

        Gzip(OpenFile file) {
            super(file);
            try {
                zip = new GZIPOutputStream(out);
            } catch (IOException e) {
                throw new AssertionError("it writes to memory", e);
            }
        }

        @Override
        public Future<Next<ByteBuffer>> next() {
            return async(() -> {
                ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
                while (out.size() == 0 && !ended) {
                    if (await(file.read(piece.clear())) < 0) {
                        ended = true;
                        zip.close();
                    } else {
                        zip.write(piece.array(), 0, piece.position());
                    }
                }
                if (out.size() == 0) {
                    return Next.end();
                }
                byte[] small = out.toByteArray();
                out.reset();
                return new Item<>(ByteBuffer.wrap(small));
            });
        }

        @Override
        public void close() {
            super.close();
            try {
                zip.close(); // which holds memory that is not Java's
            } catch (IOException e) {
                throw new AssertionError("it writes to memory", e);
            }
        }
    }

    /**
     * A part of a message of several.
     *
     * @param head what stands before it, boundary and all
     */
    record Part(byte[] head, Ranges.Range range) {}

    /** {@return {@code parts} of {@code file}, and {@code end}} */
    static FilePieces parts(OpenFile file, List<Part> parts, byte[] end) {
        return new Parts(file, parts, end);
    }

    private static final class Parts extends FilePieces {
        private static final int PIECE_BYTES = 64 * 1024;

        private final List<Part> parts;
        private final byte[] end;
        private int next;
        private long left;
        private boolean ended;

        Parts(OpenFile file, List<Part> parts, byte[] end) {
            super(file);
            this.parts = parts;
            this.end = end;
        }

        @Override
        public Future<Next<ByteBuffer>> next() {
            return async(() -> {
                if (left > 0) {
                    ByteBuffer piece = await(piece((int) Math.min(left, PIECE_BYTES)));
                    left -= piece.remaining();
                    return new Item<>(piece);
                }
                if (next < parts.size()) {
                    Part part = parts.get(next++);
                    file.position(part.range().first());
                    left = part.range().length();
                    return new Item<>(ByteBuffer.wrap(part.head()));
                }
                if (ended) {
                    return Next.end();
                }
                ended = true;
                return new Item<>(ByteBuffer.wrap(end));
            });
        }
    }
}
