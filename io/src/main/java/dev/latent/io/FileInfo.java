package dev.latent.io;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What stood at a path when it was looked at.
 *
 * @param realPath absolute, all links followed
 * @param size bytes of a file; of anything else it says nothing
 * @param modified when it was last written
 */
public record FileInfo(Path realPath, Kind kind, long size, Instant modified) {
    /** What may stand at a path. */
    public enum Kind {
        /** Plain bytes. */
        FILE,
        /** What {@link Files#list} lists. */
        FOLDER,
        /** A pipe, a socket, a device. */
        OTHER
    }
}
