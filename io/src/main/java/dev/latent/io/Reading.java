package dev.latent.io;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a file is to be opened.
 *
 * @param below null, or the folder in which the file has to be: one that links lead out of it to is treated as not there, and so is
 *     all that keeps the path from being followed
 * @param whole bytes: a file that is no longer is read at once, in the same call, so that no read and no close of it ever waits; it then
 *     takes that much memory until it is closed
 */
public record Reading(@Nullable Path below, int whole) {
    /** From anywhere, and piece by piece. */
    public static final Reading PLAIN = new Reading(null, 0);

    /** A way of reading. */
    public Reading {
        if (whole < 0) {
            throw new IllegalArgumentException("bytes to be read at once: " + whole);
        }
    }

    /** {@return this, but only below {@code folder}} */
    public Reading below(Path folder) {
        return new Reading(folder, whole);
    }

    /** {@return this, but files of up to so many bytes whole} */
    public Reading whole(int bytes) {
        return new Reading(below, bytes);
    }
}
