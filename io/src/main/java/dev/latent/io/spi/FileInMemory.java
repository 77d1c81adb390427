package dev.latent.io.spi;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.io.FileInfo;
import dev.latent.io.OpenFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An open file whose bytes are in memory: no read and no close of it ever waits. */
public class FileInMemory implements OpenFile {
    private final FileInfo info;

    /** Null once it is closed. */
    private byte @Nullable [] bytes;

    private long position;

    /** A file of {@code bytes}, which are not copied. */
    public FileInMemory(FileInfo info, byte[] bytes) {
        this.info = info;
        this.bytes = bytes;
    }

    @Override
    public final FileInfo info() {
        return info;
    }

    @Override
    public final Future<Integer> read(ByteBuffer to) {
        return Futures.pollFn(cx -> {
            if (!cx.spend()) {
                return Poll.pending();
            }
            byte[] all = bytes;
            if (all == null) {
                throw FileErrors.closed(this);
            }
            FileErrors.checkRoom(this, to);
            if (position >= all.length) {
                return Poll.ready(-1);
            }
            int n = (int) Math.min(to.remaining(), all.length - position);
            to.put(all, (int) position, n);
            position += n;
            return Poll.ready(n);
        });
    }

    @Override
    public final long position() {
        return position;
    }

    @Override
    public final void position(long to) {
        position = FileErrors.checkPosition(to);
    }

    @Override
    public final Future<Void> closeAsync() {
        return Futures.pollFn(_ -> {
            close();
            return Poll.done();
        });
    }

    @Override
    public final void close() {
        bytes = null;
    }

    @Override
    public String toString() {
        return "file " + info.realPath();
    }
}
