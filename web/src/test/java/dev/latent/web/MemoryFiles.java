package dev.latent.web;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.TempFile;
import dev.latent.io.spi.FileInMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** In memory; a folder is what names of files begin with. */
final class MemoryFiles implements Files {
    final Map<Path, byte[]> all = new TreeMap<>();
    long endsAt = Long.MAX_VALUE;
    long failsAt = Long.MAX_VALUE;
    int opened;
    int closed;
    int temps;

    @Override
    public Future<FileInfo> look(Path path) {
        byte[] bytes = all.get(path);
        boolean isFolder = all.keySet().stream().anyMatch(p -> !p.equals(path) && p.startsWith(path));
        return bytes == null && !isFolder
                ? Futures.failed(new NoSuchFileException(path.toString()))
                : Futures.ready(new FileInfo(
                        path,
                        bytes == null ? FileInfo.Kind.FOLDER : FileInfo.Kind.FILE,
                        bytes == null ? 0 : bytes.length,
                        Instant.EPOCH));
    }

    @Override
    public Future<OpenFile> open(Path path, Reading how) {
        return Futures.then(look(path.normalize()), info -> {
            if (info.kind() != FileInfo.Kind.FILE) {
                return Futures.failed(new NotAFileException(path.toString(), info.kind()));
            }
            opened++;
            OpenFile file = new FileInMemory(info, all.get(info.realPath()));
            return Futures.ready(new Counted(file));
        });
    }

    private final class Counted implements OpenFile {
        private final OpenFile file;

        Counted(OpenFile file) {
            this.file = file;
        }

        @Override
        public FileInfo info() {
            return file.info();
        }

        @Override
        public Future<Integer> read(ByteBuffer to) {
            if (file.position() >= failsAt) {
                return Futures.failed(new IOException("the disk is gone"));
            }
            if (file.position() >= endsAt) {
                return Futures.ready(-1);
            }
            ByteBuffer piece = to.slice(to.position(), Math.min(to.remaining(), 50_000));
            return Futures.map(file.read(piece), n -> {
                to.position(to.position() + Math.max(0, n));
                return n;
            });
        }

        @Override
        public long position() {
            return file.position();
        }

        @Override
        public void position(long bytes) {
            file.position(bytes);
        }

        @Override
        public Future<Void> closeAsync() {
            return Futures.map(file.closeAsync(), v -> {
                closed++;
                return v;
            });
        }

        @Override
        public void close() {
            closed++;
            file.close();
        }
    }

    @Override
    public Future<List<Path>> list(Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> write(Path path, ByteBuffer from) {
        return Futures.lazy(() -> {
            all.put(path, bytes(from));
            return Futures.done();
        });
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }

    @Override
    public Future<Void> delete(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<TempFile> createTemp(String prefix) {
        return createTemp(Path.of("/tmp"), prefix);
    }

    @Override
    public Future<TempFile> createTemp(Path folder, String prefix) {
        return Futures.lazy(() -> {
            Temp temp = new Temp(folder.resolve(prefix + temps++));
            all.put(temp.path, new byte[0]);
            return Futures.ready(temp);
        });
    }

    private final class Temp implements TempFile {
        private Path path;
        private boolean moved;

        Temp(Path path) {
            this.path = path;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public Future<Void> write(ByteBuffer from) {
            return Futures.lazy(() -> {
                all.compute(path, (_, before) -> Bytes.concat(before, bytes(from)));
                return Futures.done();
            });
        }

        @Override
        public Future<Void> shutdownOutput() {
            return Futures.done();
        }

        @Override
        public Future<Void> moveTo(Path target) {
            return Futures.lazy(() -> {
                all.put(target, all.remove(path));
                path = target;
                moved = true;
                return Futures.done();
            });
        }

        @Override
        public Future<Void> closeAsync() {
            return Futures.lazy(() -> {
                close();
                return Futures.done();
            });
        }

        @Override
        public void close() {
            if (!moved) {
                all.remove(path);
            }
        }
    }
}
