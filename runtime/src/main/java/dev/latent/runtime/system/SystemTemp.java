package dev.latent.runtime.system;

import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.io.TempFile;
import dev.latent.io.spi.BlockingWrites;
import dev.latent.io.spi.FileErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A temporary file of the machine. What its calls work on, {@link Disk}, is theirs alone, one after the other, and whose close it is {@link BlockingWrites} knows. */
final class SystemTemp implements TempFile {
    private final Disk disk;
    private final BlockingWrites writes;

    SystemTemp(Path path) {
        disk = new Disk(path);
        writes = new BlockingWrites(disk.toString(), disk);
    }

    @Override
    public Path path() {
        return disk.path;
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return writes.write(from);
    }

    @Override
    public Future<Void> shutdownOutput() {
        return writes.then(disk::end);
    }

    @Override
    public Future<Void> moveTo(Path target) {
        return writes.then(() -> disk.move(target));
    }

    @Override
    public Future<Void> closeAsync() {
        return writes.closeAsync();
    }

    @Override
    public void close() {
        writes.close();
    }

    @Override
    public String toString() {
        return disk.toString();
    }

    private static final class Disk implements BlockingWrites.Sink {
        /** Where it is: a poll may ask while a thread moves it. */
        private volatile Path path;

        private @Nullable OutputStream out;
        private boolean ended;
        private boolean moved;

        Disk(Path path) {
            this.path = path;
        }

        @Override
        public void write(byte[] piece) throws IOException {
            if (ended) {
                throw FileErrors.of("write", path, new IOException("nothing more was to come"));
            }
            try {
                OutputStream to = out;
                if (to == null) {
                    to = Files.newOutputStream(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                    out = to;
                }
                to.write(piece);
            } catch (IOException e) {
                throw FileErrors.of("write", path, e);
            }
        }

        void end() throws IOException {
            ended = true;
            OutputStream last = out;
            out = null;
            if (last != null) {
                last.close();
            }
        }

        void move(Path target) throws IOException {
            end();
            try {
                Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw FileErrors.of("move", path, e);
            }
            path = target;
            moved = true;
        }

        @Override
        public void close() {
            // What a full disk does not take any more is to be no file either.
            try {
                try {
                    end();
                } finally {
                    if (!moved) {
                        Files.deleteIfExists(path);
                    }
                }
            } catch (IOException e) {
                Owners.report(null, toString(), FileErrors.of("delete", path, e));
            }
        }

        @Override
        public String toString() {
            return "the temporary file " + path;
        }
    }
}
