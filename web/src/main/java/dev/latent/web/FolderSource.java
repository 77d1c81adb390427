package dev.latent.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A folder of the file system: the one place that touches it. */
record FolderSource(Path root) implements AssetSource {
    @Override
    public Asset open(String name) throws IOException {
        Path real = root.toRealPath();
        Path file;
        try {
            file = real.resolve(name).toRealPath();
            if (Files.isDirectory(file)) {
                file = file.resolve("index.html").toRealPath();
            }
        } catch (FileSystemException | InvalidPathException e) {
            // not there, below a file, too long, a loop of links: the client's fault, not worth a report
            return Asset.NONE;
        }
        if (!file.startsWith(real) || !Files.isRegularFile(file)) {
            return Asset.NONE;
        }
        long length = Files.size(file);
        String type = AssetSource.typeOf(file.toString());
        if (length > Http.CHUNK_BYTES) {
            return new Asset(Files.newInputStream(file), length, Http.CHUNK_BYTES, type);
        }
        byte[] bytes = Files.readAllBytes(file);
        return new Asset(new ByteArrayInputStream(bytes), bytes.length, bytes.length, type);
    }
}
