package dev.latent.compiler.tool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What can't be woven as it is given; the message is one line, and says what to do. */
public final class BadInputException extends IOException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }

    static BadInputException notReadable(FileSystemException e) {
        return new BadInputException("can't be read: " + why(e));
    }

    static BadInputException notWritable(FileSystemException e) {
        return new BadInputException("can't be written: " + why(e) + "; name another place with --output");
    }

    /** The exceptions of files tell by their class alone what is wrong. */
    private static String why(FileSystemException e) {
        return e.getFile()
                + switch (e) {
                    case AccessDeniedException _ -> " (no permission)";
                    case FileAlreadyExistsException _ -> " (a file, not a folder)";
                    case DirectoryNotEmptyException _ -> " (a folder, not a file)";
                    case NoSuchFileException _ -> " (no such file)";
                    default -> e.getReason() == null ? "" : " (" + e.getReason() + ")";
                };
    }
}
