package dev.latent.io;

import dev.latent.Future;
import dev.latent.NotCancelSafe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A capability: the files of a world. The system's own, or some that are held in memory.
 *
 * <p>Against {@link java.nio.file.Files}: nothing here blocks the thread that polls. The system's own blocks a thread of the
 * {@link dev.latent.world.BlockingPool}, once for each call. There are no streams over folders, no channels and no symbolic links to be
 * made; links are followed.
 *
 * <p>Failures are {@link java.nio.file.FileSystemException}s that name the path, what could not be done with it, why, and the way out:
 * {@link java.nio.file.NoSuchFileException}, {@link java.nio.file.AccessDeniedException}, {@link NotAFileException}, and for all else the
 * class itself, as for a full disk.
 */
public interface Files {
    /**
     * {@return a future of what stands at {@code path}}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<FileInfo> look(Path path);

    /**
     * {@return a future of the file at {@code path}, open to be read}
     *
     * <p>Fails with {@link NotAFileException} where a folder stands, or something else that is no plain file; it is not opened then.
     *
     * <p><em>Cancel safety:</em> dropped, the file is closed, if need be by the thread that is opening it.
     */
    Future<OpenFile> open(Path path, Reading how);

    /**
     * {@return a future of all that is in {@code folder}, in the order of the names; the paths are {@code folder}'s with one name more}
     *
     * <p><em>Cancel safety:</em> nothing is lost. <em>Memory:</em> all the names at once.
     */
    Future<List<Path>> list(Path folder);

    /**
     * {@return a future that is ready when {@code path} is a file of just the bytes that {@code from} had at the first poll}
     *
     * <p>A file that was there is written over in its place, so who reads it meanwhile may see half of it, and half may be left after a
     * failure, when the disk is full. That the disk has it is not waited for. {@code from}'s position does not move. A named pipe is refused.
     *
     * <p><em>Cancel safety:</em> dropped early, nothing is written; once a thread has begun, all is. <em>Memory:</em> a copy of the bytes.
     */
    Future<Void> write(Path path, ByteBuffer from);

    /**
     * {@return a future that is ready when the file, or the empty folder, at {@code path} is no more; a link goes, and not what it leads to}
     *
     * <p><em>Cancel safety:</em> dropped, it may have happened.
     */
    @NotCancelSafe
    Future<Void> delete(Path path);

    /**
     * {@return a future of a new empty file that nobody else may read, in the place for such; it is deleted at its close}
     *
     * <p><em>Cancel safety:</em> dropped, the file is deleted, if need be by the thread that is making it.
     *
     * @param prefix how its name begins
     */
    Future<TempFile> createTemp(String prefix);

    /** {@return as {@link #createTemp(String)}, of one in {@code folder}} */
    Future<TempFile> createTemp(Path folder, String prefix);

    /**
     * {@return a future of all the bytes of the file at {@code path}}
     *
     * <p>Fails with {@link java.nio.file.FileSystemException} when there are more than {@code limit}, and has not read them then.
     *
     * <p><em>Cancel safety:</em> nothing is lost; as {@link #open}.
     */
    default Future<byte[]> readAll(Path path, int limit) {
        return ReadAll.of(path, open(path, Reading.PLAIN.whole(limit)), limit);
    }
}
