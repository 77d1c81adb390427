package dev.latent.compiler.tool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A folder or a jar with class files; names are as in a jar, {@code shop/Stock.class}. */
interface Container extends AutoCloseable {
    /** {@return all files, in the order in which they lie there} */
    List<String> names();

    /** {@return the file's content, if there is such a file} */
    Optional<byte[]> read(String name) throws IOException;

    /**
     * Writes all of it, changed.
     *
     * @param to the same path for in place
     * @param written new and changed files; a new one follows the one before it in this order
     * @param removed files that are to be there no more
     */
    void write(Path to, Map<String, byte[]> written, Set<String> removed) throws IOException;

    @Override
    void close() throws IOException;

    static Container open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Folder(path);
        }
        if (!Files.exists(path)) {
            throw new BadInputException("no such folder or jar: " + path);
        }
        return new Jar(path);
    }

    /** What a file is to hold. */
    @FunctionalInterface
    interface Content {
        /** Writes it. */
        void to(OutputStream out) throws IOException;
    }

    /** Writes a file beside its place and moves it there: readers see the old one or the new one, never a part. */
    static void write(Path file, Content content) throws IOException {
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(parent);
        if (Files.isDirectory(file)) {
            throw new DirectoryNotEmptyException(file.toString());
        }
        boolean replaces = Files.exists(file);
        if (replaces && !Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        Path temporary = parent.resolve("latent-" + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                content.to(out);
            }
            if (replaces && Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(file));
            }
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
