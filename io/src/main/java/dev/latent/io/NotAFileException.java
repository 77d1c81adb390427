package dev.latent.io;

import java.nio.file.FileSystemException;

/** Something else than a plain file stands there. */
public final class NotAFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    private final FileInfo.Kind kind;

    /** For who implements {@link Files}. */
    public NotAFileException(String path, FileInfo.Kind kind) {
        super(
                path,
                null,
                kind == FileInfo.Kind.FOLDER
                        ? "is a folder and has no bytes: list it, or name a file in it"
                        : "is a pipe, a socket or a device, which cannot be read as a file");
        this.kind = kind;
    }

    /** {@return what stands there} */
    public FileInfo.Kind kind() {
        return kind;
    }
}
