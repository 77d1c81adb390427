package dev.latent.compiler.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** Readers see the old file or the new one, never a part. */
    static void move(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
