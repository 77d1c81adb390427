package dev.latent.web.http;

import dev.latent.io.Files;
import dev.latent.io.Remembered;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of a folder that were asked for last. All is under this object's monitor; what is let go is closed outside. */
final class KnownFiles {
    private static final int MOST = 128;

    /** So soon a file is noticed that was not there. As long as what the system has found once is sure to be found without a wait. */
    private static final long MISSING_NANOS = 1_000_000_000L;

    private final LinkedHashMap<String, Remembered> byName = new LinkedHashMap<>();

    /** Names of which no file was there, and when that was seen, in nanoseconds of the world's clock. */
    private final LinkedHashMap<String, Long> missing = new LinkedHashMap<>();

    /** Whose files they are. */
    private @Nullable Files from;

    /** {@return what is known of the file of that name; null for nothing} */
    synchronized @Nullable Remembered of(Files files, String name) {
        return files == from ? byName.get(name) : null;
    }

    /** Takes {@code file}, or nothing, in the place of what was known of that name. */
    void keep(Files files, String name, @Nullable Remembered file) {
        Remembered before;
        Remembered oldest = null;
        synchronized (this) {
            if (from == null) {
                from = files;
            }
            if (from != files) { // several worlds share a handler: the first has it
                before = file;
            } else if (file == null) {
                before = byName.remove(name);
            } else {
                before = byName.putLast(name, file);
                if (byName.size() > MOST) {
                    Map.Entry<String, Remembered> first = byName.pollFirstEntry();
                    oldest = first == null ? null : first.getValue();
                }
            }
        }
        close(before);
        close(oldest);
    }

    /** {@return whether it was seen a moment ago, before {@code now}, that there is no file of that name} */
    synchronized boolean isMissing(Files files, String name, long now) {
        Long seen = files == from ? missing.get(name) : null;
        return seen != null && now - seen < MISSING_NANOS;
    }

    /** It was seen, {@code now} or later, that there is no file of that name. */
    synchronized void keepMissing(Files files, String name, long now) {
        if (files == from) {
            missing.putLast(name, now);
            if (missing.size() > MOST) {
                missing.pollFirstEntry();
            }
        }
    }

    private static void close(@Nullable Remembered file) {
        if (file != null) {
            file.close();
        }
    }
}
