package dev.latent.runtime.system;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.FileInfo;
import dev.latent.io.FileInfo.Kind;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.TempFile;
import dev.latent.io.spi.FileErrors;
import dev.latent.world.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine's files, by calls that block a thread of the {@link dev.latent.world.BlockingPool} of whoever polls. */
public enum SystemFiles implements Files {
    /** The only ones. */
    INSTANCE;

    /** Of a mode: what kind of thing it is, and a pipe's kind, the same on all systems that have modes. */
    private static final int KIND_BITS = 0170000;

    private static final int PIPE_BITS = 0010000;

    @Override
    public Future<FileInfo> look(Path path) {
        return call("look at", path, () -> {
            Path real = path.toRealPath();
            return info(real, attributes(real));
        });
    }

    private static BasicFileAttributes attributes(Path real) throws IOException {
        return java.nio.file.Files.readAttributes(real, BasicFileAttributes.class);
    }

    private static FileInfo info(Path real, BasicFileAttributes attributes) {
        Kind kind = attributes.isRegularFile() ? Kind.FILE : attributes.isDirectory() ? Kind.FOLDER : Kind.OTHER;
        return new FileInfo(
                real, kind, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    @Override
    public Future<OpenFile> open(Path path, Reading how) {
        return async(() -> {
            Clock clock = context().spawner().world().clock();
            Instant now = clock == null ? null : clock.instant();
            return await(Async.spawnBlocking(() -> openNow(path, how, now)));
        });
    }

    static OpenFile openNow(Path path, Reading how, @Nullable Instant now) throws Exception {
        Path real = realPath(path, how);
        BasicFileAttributes found = told("read", path, () -> attributes(real));
        FileInfo info = info(real, found);
        if (info.kind() != Kind.FILE) {
            throw new NotAFileException(path.toString(), info.kind());
        }
        return told("read", path, () -> opened(path, how, info, found.fileKey(), now));
    }

    static Path realPath(Path path, Reading how) throws Exception {
        return how.below() == null ? told("read", path, path::toRealPath) : below(how.below(), path);
    }

    private static OpenFile opened(Path path, Reading how, FileInfo info, @Nullable Object key, @Nullable Instant now)
            throws IOException {
        Path real = info.realPath();
        FileInfo found = info;
        if (info.size() <= how.whole()) {
            // Unlike a channel, this stream is not closed by an interrupt, which comes when the opening is dropped.
            try (InputStream in = java.nio.file.Files.newInputStream(real)) {
                byte[] bytes = in.readNBytes(how.whole());
                if (bytes.length < how.whole() || in.read() < 0) {
                    FileInfo whole = new FileInfo(real, Kind.FILE, bytes.length, info.modified());
                    return file(new Opening(path, how, whole, key, null, bytes, now));
                }
            }
            found = info(real, attributes(real)); // it has grown meanwhile
        }
        return file(new Opening(path, how, found, key, java.nio.file.Files.newByteChannel(real), new byte[0], now));
    }

    private static OpenFile file(Opening opening) {
        return Objects.requireNonNull(opening.file(), "it is new");
    }

    private static Path below(Path folder, Path path) throws IOException {
        Path root;
        try {
            root = folder.toRealPath();
        } catch (IOException e) {
            throw FileErrors.folder(folder, e);
        }
        Path real;
        try {
            real = path.toRealPath();
        } catch (FileSystemException e) {
            throw FileErrors.missing(path, e);
        }
        if (!real.startsWith(root)) {
            throw FileErrors.outside(path, folder);
        }
        return real;
    }

    @Override
    public Future<List<Path>> list(Path folder) {
        return call("list", folder, () -> {
            // Looked at first: to open a pipe is to wait for who writes into it.
            if (!attributes(folder).isDirectory()) {
                throw new NotDirectoryException(folder.toString());
            }
            try (Stream<Path> all = java.nio.file.Files.list(folder)) {
                return all.sorted().toList();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    @Override
    public Future<Void> write(Path path, ByteBuffer from) {
        return Futures.lazy(() -> {
            byte[] bytes = new byte[from.remaining()];
            from.get(from.position(), bytes);
            return call("write", path, () -> {
                if (isPipe(path)) {
                    throw new FileSystemException(
                            path.toString(), null, "it is a pipe, and keeps nothing: name a file");
                }
                java.nio.file.Files.write(path, bytes);
                return null;
            });
        });
    }

    /** {@return whether to open {@code path} is to wait, for ever perhaps, for who reads from it} */
    private static boolean isPipe(Path path) {
        try {
            Object mode = java.nio.file.Files.getAttribute(path, "unix:mode");
            return mode instanceof Integer bits && (bits & KIND_BITS) == PIPE_BITS;
        } catch (IOException | UnsupportedOperationException e) {
            return false; // not there, or no such system
        }
    }

    @Override
    public Future<Void> delete(Path path) {
        return call("delete", path, () -> {
            java.nio.file.Files.delete(path);
            return null;
        });
    }

    @Override
    public Future<TempFile> createTemp(String prefix) {
        return createTemp(Path.of(System.getProperty("java.io.tmpdir")), prefix);
    }

    @Override
    public Future<TempFile> createTemp(Path folder, String prefix) {
        return call(
                "make a file in",
                folder,
                () -> new SystemTemp(java.nio.file.Files.createTempFile(folder, prefix, ".tmp")));
    }

    private static <T> Future<T> call(String verb, Path path, Callable<T> work) {
        return Async.spawnBlocking(() -> told(verb, path, work));
    }

    /** {@return what {@code work} returns} What it throws says that it could not {@code verb} the file at {@code path}. */
    private static <T> T told(String verb, Path path, Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (IOException e) {
            throw FileErrors.of(verb, path, e);
        }
    }
}
