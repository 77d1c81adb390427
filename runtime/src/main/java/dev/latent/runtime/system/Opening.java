package dev.latent.runtime.system;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.Remembered;
import dev.latent.io.spi.ChannelFile;
import dev.latent.io.spi.FileErrors;
import dev.latent.io.spi.FileInMemory;
import dev.latent.world.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of the machine as it was opened: its handle, or all of its bytes, and how it was found. It is shared by the files that were made of it and by what remembers it, and
 * the last of those closes the handle.
 *
 * <p>{@code users} is under this object's monitor, and 0 for good once it is; {@link Warmth} is for any thread; nothing else changes. The channel is used by any number
 * of threads at once, by calls that name their place.
 */
final class Opening {
    /** Disks tell times in steps of up to so much: what was written so shortly before it was read may have been written again unnoticed. */
    private static final Duration UNSURE = Duration.ofSeconds(2);

    private final Path path;
    private final Reading how;
    private final FileInfo info;

    /** Which file it is, beside its name; null where the machine can't say. */
    private final @Nullable Object key;

    /** Null where all of it is in {@code bytes}. */
    private final @Nullable SeekableByteChannel channel;

    private final byte[] bytes;
    private final boolean isSure;
    private final Warmth looks = new Warmth();
    private final Warmth data = new Warmth();
    private int users;

    /** @param now when the opening began, as far as that is known */
    Opening(
            Path path,
            Reading how,
            FileInfo info,
            @Nullable Object key,
            @Nullable SeekableByteChannel channel,
            byte[] bytes,
            @Nullable Instant now) {
        this.path = path;
        this.how = how;
        this.info = info;
        this.key = key;
        this.channel = channel;
        this.bytes = bytes;
        this.isSure = key != null
                && (channel != null
                        || now != null && info.modified().plus(UNSURE).isBefore(now));
    }

    FileInfo info() {
        return info;
    }

    // ---- who uses it ------------------------------------------------------------------------------------------------

    /** {@return one more file of it, at its beginning; null when it is closed} */
    @Nullable
    OpenFile file() {
        if (channel == null) {
            return new Small(this);
        }
        return retain() ? new SystemFile(this) : null;
    }

    private synchronized boolean retain() {
        if (channel != null && (users < 0 || !channel.isOpen())) {
            return false;
        }
        users++;
        return true;
    }

    /** {@return whether somebody else uses it too, so that to release it closes nothing} Who comes to be the last at the same moment closes an idle file, as {@link OpenFile#close} does. */
    synchronized boolean isShared() {
        return users > 1;
    }

    void release() throws IOException {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
            users = -1;
        }
        if (channel != null) {
            channel.close();
        }
    }

    /** A file of which all bytes are at hand. */
    private static final class Small extends FileInMemory {
        private final Opening opening;

        Small(Opening opening) {
            super(opening.info, opening.bytes);
            this.opening = opening;
        }

        @Override
        public @Nullable Remembered remember() {
            return opening.remember();
        }
    }

    // ---- opening it again -------------------------------------------------------------------------------------------

    @Nullable
    Remembered remember() {
        return isSure && retain() ? new Kept(this) : null;
    }

    private static final class Kept implements Remembered {
        private final Opening opening;
        private boolean closed;

        Kept(Opening opening) {
            this.opening = opening;
        }

        @Override
        public FileInfo info() {
            return opening.info;
        }

        @Override
        public Future<OpenFile> open() {
            return opening.openAgain();
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            try {
                opening.release();
            } catch (IOException e) {
                // it was only read
            }
        }
    }

    private Future<OpenFile> openAgain() {
        return async(() -> {
            Clock clock = context().spawner().world().clock();
            if (clock == null) {
                return await(SystemFiles.INSTANCE.open(path, how));
            }
            long now = clock.nanoTime();
            if (looks.covers(now, 0, 1)) {
                OpenFile same = isSame() ? file() : null;
                looks.took(clock.nanoTime() - now);
                if (same != null) {
                    return same;
                }
            }
            return await(spawnBlocking(() -> {
                long since = clock.nanoTime();
                if (SystemFiles.realPath(path, how).equals(info.realPath()) && isSame()) {
                    looks.found(since, 0, 1);
                    OpenFile same = file();
                    if (same != null) {
                        return same;
                    }
                }
                return SystemFiles.openNow(path, how, clock.instant());
            }));
        });
    }

    /** {@return whether the very same file is there, as it was} */
    private boolean isSame() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return now.size() == info.size()
                    && now.lastModifiedTime().toInstant().equals(info.modified())
                    && key != null
                    && key.equals(now.fileKey());
        } catch (IOException e) {
            return false; // whoever opens it is told
        }
    }

    // ---- its bytes --------------------------------------------------------------------------------------------------

    /** Reads from {@code position} on, or at the end nothing. */
    void read(long position, ByteBuffer to) throws IOException {
        SeekableByteChannel from = channel();
        try {
            if (from instanceof FileChannel file) {
                file.read(to, position);
            } else {
                synchronized (from) {
                    from.position(position).read(to);
                }
            }
        } catch (IOException e) {
            // No file can be that long, and the system says so where others say that its end is before.
            if (from.size() == 0 || position < from.size()) {
                throw FileErrors.of("read", info.realPath(), e);
            }
        }
    }

    private SeekableByteChannel channel() throws IOException {
        if (channel == null) {
            throw FileErrors.closed(this);
        }
        return channel;
    }

    /** {@return whether the system can move bytes of it by itself} */
    boolean isMovable() {
        return channel instanceof FileChannel;
    }

    /** {@return whether these bytes are sure to be in memory} */
    boolean isWarm(Clock clock, long from, long atMost) {
        return data.covers(clock.nanoTime(), from, Math.min(from + atMost, info.size()));
    }

    /**
     * Moves bytes: {@return how many, negative at the end}
     *
     * @param warm whether it is a poll that does it
     */
    long move(@Nullable Clock clock, boolean warm, long from, long atMost, ChannelFile.Target to) throws IOException {
        FileChannel file = (FileChannel) channel();
        long start = clock == null ? 0 : clock.nanoTime();
        long n;
        try {
            n = to.take(file, from, atMost);
        } catch (IOException e) {
            read(from, ByteBuffer.allocate(1)); // which throws where it is the file that fails
            throw e;
        }
        if (clock != null) {
            if (warm) {
                data.took(clock.nanoTime() - start);
            } else if (n > 0) {
                data.found(start, from, from + n);
            }
        }
        return n > 0 || from < file.size() ? n : -1;
    }

    @Override
    public String toString() {
        return "file " + info.realPath();
    }
}
