package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/** {@link Files#readAll}: opens, reads until the end, closes. */
final class ReadAll {
    private ReadAll() {}

    static Future<byte[]> of(Path path, Future<OpenFile> opening, int limit) {
        return async(() -> {
            try (OpenFile file = await(opening)) {
                long size = file.info().size();
                if (size > limit) {
                    throw tooLong(path, size + " bytes", limit);
                }
                // one more, so that the end is seen with the last of them
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(limit + 1L, size + 1));
                while (await(file.read(bytes)) >= 0) {
                    if (bytes.position() > limit) {
                        throw tooLong(path, "growing", limit);
                    }
                    if (!bytes.hasRemaining()) {
                        int room = (int) Math.min(limit + 1L, 2L * bytes.capacity());
                        bytes = ByteBuffer.allocate(room).put(bytes.flip());
                    }
                }
                return Arrays.copyOf(bytes.array(), bytes.position());
            }
        });
    }

    private static FileSystemException tooLong(Path path, String why, int limit) {
        return new FileSystemException(
                path.toString(),
                null,
                "cannot read it whole: it is " + why + ", and more than " + limit + " are refused");
    }
}
