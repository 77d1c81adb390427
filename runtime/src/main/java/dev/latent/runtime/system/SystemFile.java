package dev.latent.runtime.system;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.Remembered;
import dev.latent.io.spi.BlockingReads;
import dev.latent.io.spi.ChannelFile;
import dev.latent.world.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file that is read piece by piece; see {@link Opening}. */
final class SystemFile implements ChannelFile {
    private final Opening opening;
    private final BlockingReads reads;

    SystemFile(Opening opening) {
        this.opening = opening;
        this.reads = new BlockingReads(opening.toString(), new BlockingReads.Source() {
            @Override
            public void read(long position, ByteBuffer to) throws IOException {
                opening.read(position, to);
            }

            @Override
            public boolean isQuickToClose() {
                return opening.isShared();
            }

            @Override
            public void close() throws IOException {
                opening.release();
            }
        });
    }

    @Override
    public FileInfo info() {
        return opening.info();
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return reads.read(to);
    }

    @Override
    public Future<Long> moveTo(Target to, long atMost) {
        return reads.move(new BlockingReads.Move() {
            private @Nullable Clock clock;
            private boolean warm;

            @Override
            public boolean isQuick(Context cx, long position) {
                clock = Warmth.clock(cx);
                // an interrupt, which is not meant for the file, would close it
                warm = clock != null
                        && opening.isWarm(clock, position, atMost)
                        && !Thread.currentThread().isInterrupted();
                return warm;
            }

            @Override
            public long move(long position) throws IOException {
                return opening.move(clock, warm, position, atMost, to);
            }
        });
    }

    @Override
    public @Nullable Remembered remember() {
        return opening.remember();
    }

    @Override
    public long position() {
        return reads.position();
    }

    @Override
    public void position(long bytes) {
        reads.position(bytes);
    }

    @Override
    public Future<Void> closeAsync() {
        return reads.closeAsync();
    }

    @Override
    public void close() {
        reads.close();
    }

    @Override
    public String toString() {
        return reads.toString();
    }
}
