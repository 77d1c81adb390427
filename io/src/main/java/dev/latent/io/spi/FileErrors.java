package dev.latent.io.spi;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The failures of files, in words that say what to do. The system's own exception is kept as the cause. */
public final class FileErrors {
    private static final String CIRCLE = "its links lead in a circle";

    private FileErrors() {}

    /**
     * {@return {@code e}, told as what kept {@code path} from what {@code verb} says}
     *
     * @param verb as in "cannot read it"
     */
    public static FileSystemException of(String verb, Path path, IOException e) {
        String file = path.toString();
        String reason = "cannot " + verb + " it: ";
        FileSystemException told =
                switch (e) {
                    case NoSuchFileException _ -> new NoSuchFileException(file, null, reason + noSuch(path));
                    case AccessDeniedException _ ->
                        new AccessDeniedException(
                                file,
                                null,
                                reason
                                        + "permission denied: the program's user needs that right, and the right to enter the folders above it");
                    default -> new FileSystemException(file, null, reason + explanation(e));
                };
        told.initCause(e);
        return told;
    }

    /** {@return that {@code path} is not there, whatever keeps it from being followed} */
    public static NoSuchFileException missing(Path path, IOException e) {
        NoSuchFileException told = new NoSuchFileException(
                path.toString(), null, of("read", path, e).getReason());
        told.initCause(e);
        return told;
    }

    /** {@return that {@code path}, where it leads, is not in {@code folder}} */
    public static NoSuchFileException outside(Path path, Path folder) {
        return new NoSuchFileException(
                path.toString(), null, "cannot read it: it leads out of " + folder + ", where it has to stay");
    }

    /** {@return that {@code folder}, in which files are to be found, is none itself} Of another class than that of a file that is missing in it. */
    public static FileSystemException folder(Path folder, IOException e) {
        FileSystemException told = new FileSystemException(
                folder.toString(), null, of("look for files in", folder, e).getReason());
        told.initCause(e);
        return told;
    }

    /** {@return that {@code what} has been closed} */
    public static IOException closed(Object what) {
        return new IOException(what + " is closed");
    }

    /** {@return {@code e} as what {@code file} has failed by, so that it can be told from a failure of where its bytes go} */
    public static FileSystemException asFilesOwn(Object file, IOException e) {
        if (e instanceof FileSystemException own) {
            return own;
        }
        FileSystemException own = new FileSystemException(file.toString(), null, String.valueOf(e.getMessage()));
        own.initCause(e);
        return own;
    }

    /** {@return the failure of a file that has ended {@code missing} bytes before it should have} */
    public static EOFException endedEarly(Object file, long missing) {
        return new EOFException(file + " ended " + missing + " bytes early: was it cut short meanwhile?");
    }

    /** Refuses a read of {@code file} into a buffer without room, which could not tell the end. */
    public static void checkRoom(Object file, ByteBuffer to) {
        if (!to.hasRemaining()) {
            throw new IllegalArgumentException(
                    "read of " + file + " into a full buffer: clear() or compact() it first");
        }
    }

    /** {@return {@code bytes}, which is a position in a file} */
    public static long checkPosition(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("position " + bytes + " before the start of a file");
        }
        return bytes;
    }

    private static String noSuch(Path path) {
        return path.isAbsolute()
                ? "there is no such file: look for a folder of its path that is missing, or spelled otherwise"
                : "there is no such file in the folder in which the program runs: start it elsewhere, or give an absolute path";
    }

    private static String explanation(IOException e) {
        String text = e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : String.valueOf(e.getMessage());
        return switch (e) {
            case DirectoryNotEmptyException _ -> "the folder is not empty: delete what is in it first";
            case NotDirectoryException _ -> "it is no folder";
            case FileSystemLoopException _ -> CIRCLE;
            default ->
                switch (text) {
                    case "Not a directory" -> "what should be a folder above it is a file";
                    case "No space left on device" -> "the disk is full: make room, or use another";
                    case "Disk quota exceeded" -> "the user's share of the disk is used up: make room, or use another";
                    case "Read-only file system" -> "its disk can only be read: use another";
                    case "Is a directory" -> "it is a folder";
                    default ->
                        text.startsWith("Too many open files")
                                ? "too many open files: raise the limit (ulimit -n), or close what is no longer used"
                                : text.startsWith("Too many levels of symbolic links") ? CIRCLE : text;
                };
        };
    }
}
